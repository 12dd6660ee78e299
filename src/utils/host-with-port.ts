/** Returns the host and port of a URL, which omits the default port. */
export function formatHostWithPort(url: URL): string {
  return `${url.hostname}:${portOf(url)}`;
}

/** Returns the port of a URL, which omits the default port. */
export function portOf({ protocol, port }: URL): number {
  return Number(port || (protocol === "https:" ? 443 : 80));
}
