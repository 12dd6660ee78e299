/** Removes the brackets around an IPv6 address in the host name of a URL. Sockets take the address without them. */
export function unbracketHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}
