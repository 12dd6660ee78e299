import { BlockList, isIP } from "node:net";
import { parseUrl } from "../../utils/parse-url.js";
import { withoutFinalDot } from "../../utils/without-final-dot.js";
import { unbracketHost } from "./unbracket-host.js";

// No library takes the rules as an argument and passes the tests of NO_PROXY: proxy-from-env 2.1.0 and axios 1.21.1 read process.env,
// undici 7.30 and global-agent 4.1.3 have no public function for it and miss networks, final dots and names in Unicode, and
// should-proxy 1.0.4 and @npmcli/agent 4.0.2 ignore ports too.

/**
 * Returns true if `excluded`, the value of NO_PROXY, lists the host of `url`. Its entries are names, `.example` or `*.example` for all
 * names that end like this, IP addresses, each with a port or without; networks such as `10.0.0.0/8`; and `*` for everything. An entry
 * that is none of these is ignored.
 */
export function isProxyExcluded(url: URL, excluded: string): boolean {
  return excluded
    .split(/[,\s]+/)
    .some((entry) => entry === "*" || isHostIn(url, entry) || isAddressIn(url.hostname, entry));
}

/** Returns true if an entry names the host of a URL, with its port or without one, or the end of the host's name. */
function isHostIn(url: URL, entry: string): boolean {
  const ending = entry.startsWith("*") ? entry.slice(1) : entry;
  const isEnding = ending !== entry || ending.startsWith(".");
  const hasDot = ending.startsWith(".");
  const listed = parseEntry(hasDot ? ending.slice(1) : ending);
  if (listed === undefined || (listed.port !== "" && listed.port !== portOf(url))) {
    return false;
  }
  const name = withoutFinalDot(url.hostname);
  return isEnding ? name.endsWith((hasDot ? "." : "") + listed.name) : name === listed.name;
}

/** Parses a host with an optional port, in the form that URLs have: in lower case and in ASCII. */
function parseEntry(host: string): { readonly name: string; readonly port: string } | undefined {
  // A URL omits the default port of its scheme, which is another one in the other URL.
  const [url, other] = ["http", "https"].map((scheme) => parseUrl(`${scheme}://${host}`));
  return url === undefined ||
    other === undefined ||
    url.href !== `http://${url.host}/` ||
    host.includes("/")
    ? undefined
    : { name: withoutFinalDot(url.hostname), port: url.port || other.port };
}

function portOf({ protocol, port }: URL): string {
  return port || (protocol === "https:" ? "443" : "80");
}

/** Returns true if a host is an IP address that an entry names, by itself or within a network such as `10.0.0.0/8`. */
function isAddressIn(hostname: string, entry: string): boolean {
  const address = unbracketHost(hostname);
  const [network = "", prefix, ...rest] = entry.split("/");
  const family = isIP(unbracketHost(network));
  if (isIP(address) === 0 || family === 0 || rest.length > 0) {
    return false;
  }
  const most = family === 4 ? 32 : 128;
  const bits = Number(prefix ?? most);
  // Anything else than digits, also nothing, is no length of a prefix.
  if (
    (prefix !== undefined && String(bits) !== prefix) ||
    !Number.isInteger(bits) ||
    bits < 0 ||
    bits > most
  ) {
    return false;
  }
  const list = new BlockList();
  list.addSubnet(unbracketHost(network), bits, family === 4 ? "ipv4" : "ipv6");
  return list.check(address, isIP(address) === 4 ? "ipv4" : "ipv6");
}
