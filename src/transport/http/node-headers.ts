/** Converts the headers of Node.js, and drops the pseudo headers of HTTP/2. */
export function toHeaders(
  received: Readonly<Record<string, string | number | readonly string[] | undefined>>,
): Headers {
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
