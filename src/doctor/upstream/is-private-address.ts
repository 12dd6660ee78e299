import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { unbracketHost } from "../../utils/unbracket-host.js";

/** The address ranges that are not public: RFC 6890, and the shared address space of RFC 6598. */
const privateRanges = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const) {
  privateRanges.addSubnet(network, prefix, "ipv4");
}
for (const [network, prefix] of [
  ["::", 127],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const) {
  privateRanges.addSubnet(network, prefix, "ipv6");
}

/**
 * Returns true if the host of a URL is, or resolves to, an address that is not public: of this machine, of a local network, or reserved.
 * Returns false for a name that does not resolve on this machine.
 */
export async function isPrivateAddress(hostname: string): Promise<boolean> {
  const host = unbracketHost(hostname);
  const addresses =
    isIP(host) > 0 ? [host] : (await lookup(host, { all: true }).catch(() => [])).map(toAddress);
  return addresses.some(isInPrivateRange);
}

function isInPrivateRange(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  return privateRanges.check(plain, isIP(plain) === 4 ? "ipv4" : "ipv6");
}

function toAddress({ address }: { readonly address: string }): string {
  return address;
}
