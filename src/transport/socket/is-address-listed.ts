import { BlockList, isIP } from "node:net";
import { unbracketHost } from "../../utils/unbracket-host.js";

/**
 * Returns true if a host is an IP address in `list`, alone or within a network such as `10.0.0.0/8`. Commas or blanks separate the
 * entries. Ignores entries that are neither an address nor a network.
 */
export function isAddressListed(hostname: string, list: string): boolean {
  const address = unbracketHost(hostname);
  if (isIP(address) === 0) {
    return false;
  }
  const networks = new BlockList();
  for (const entry of list.split(/[,\s]+/)) {
    addNetwork(networks, entry);
  }
  return networks.check(address, familyOf(address));
}

function addNetwork(networks: BlockList, entry: string): void {
  const [host = "", length, ...rest] = entry.split("/");
  const address = unbracketHost(host);
  const family = familyOf(address);
  const bits = family === "ipv4" ? 32 : 128;
  // Number("") is 0, but an empty length is invalid.
  const prefix = length === undefined ? bits : Number(length || Number.NaN);
  if (
    isIP(address) !== 0 &&
    rest.length === 0 &&
    Number.isInteger(prefix) &&
    prefix <= bits &&
    prefix >= 0
  ) {
    networks.addSubnet(address, prefix, family);
  }
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 4 ? "ipv4" : "ipv6";
}
