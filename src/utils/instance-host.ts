/**
 * The header that names the instance of a request to ZITADEL, in place of `Host`. `fetch` does not let a program set `Host`, so this
 * header is sent instead. ZITADEL reads it on all paths, and it goes before `Host` and the headers of proxies.
 */
export const instanceHostHeader = "x-zitadel-instance-host";

/**
 * Returns the host name of an instance as a request carries it: in lower case, in ASCII, with its port if it has one. Throws a
 * TypeError for anything else than a host with an optional port.
 */
export function readInstanceHost(value: unknown): string {
  const isHost =
    typeof value === "string" &&
    !["/", "\\", "?", "#", "@"].some((mark) => value.includes(mark)) &&
    value.trim() === value &&
    URL.canParse(`https://${value}`);
  if (!isHost) {
    throw new TypeError(
      'option instanceHost: must be the host name of the instance, with its port if it has one, e.g. "acme.example" or ' +
        '"localhost:8080"; the scheme and the path belong into baseUrl',
    );
  }
  // A URL drops the default port of its scheme, so one of the two still has it.
  const ports = ["https", "http"].map((scheme) => new URL(`${scheme}://${value}`).port);
  const port = ports.find((each) => each !== "");
  const { hostname } = new URL(`https://${value}`);
  return port === undefined ? hostname : `${hostname}:${port}`;
}
