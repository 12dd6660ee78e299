import { isIP } from "node:net";
import { unbracketHost } from "../../utils/unbracket-host.js";

/**
 * Returns the server name of TLS for the host of a URL, which is empty for an IP address (RFC 6066, section 3). HTTP libraries would
 * take the name in the `Host` header, but the certificate belongs to the address.
 */
export function serverNameOf(hostname: string): string {
  const host = unbracketHost(hostname);
  return isIP(host) === 0 ? host : "";
}
