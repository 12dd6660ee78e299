/** Returns the host and port of a URL, which omits the default port. */
export function hostWithPort({ protocol, hostname, port }: URL): string {
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
}
