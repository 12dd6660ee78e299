/** The headers of a response as Node.js and undici give them, by their lower-case names. */
export type ReceivedHeaders = Readonly<
  Record<string, string | number | readonly string[] | undefined>
>;

/** Converts the headers of Node.js, and drops the pseudo headers of HTTP/2. */
export function fromNodeHeaders(received: ReceivedHeaders): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(received)) {
    if (name.startsWith(":")) {
      continue;
    }
    for (const each of Array.isArray(value) ? (value as string[]) : [String(value)]) {
      headers.append(name, each);
    }
  }
  return headers;
}
