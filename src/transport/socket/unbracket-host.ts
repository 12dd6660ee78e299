/** Returns the host name of a URL as sockets take it: an IPv6 address is in brackets in a URL only. */
export function unbracketHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}
