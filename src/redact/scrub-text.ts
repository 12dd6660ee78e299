/** What stands in place of a secret. */
export const redacted = "[redacted]";

/**
 * What is secret by its shape, whatever the list says, and what takes its place. Each was seen in an error text of a
 * layer below: `Headers` repeats a header that it refuses, `fetch` a URL with a password, `JSON.parse` of V8 and of
 * WebKit a piece of what it could not read, which may be a piece of a secret only.
 */
const shapes: readonly (readonly [shape: RegExp, replacement: string])[] = [
  [/\b(Bearer)\s+(?!\[redacted\])[^\s"'`,;<>]+/gi, `$1 ${redacted}`],
  [/\beyJ[\w-]{8,}\.[\w-]{2,}\.[\w-]*/g, redacted],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)(?!\[redacted\])[^/?#\s@"']+@/gi, `$1${redacted}@`],
  [/(?:\.{3})?"(?:(?!" is not valid JSON)[^])*"(?:\.{3})?(?= is not valid JSON)/g, redacted],
  [/(JSON Parse error: Unexpected identifier )"[^"]*"/g, `$1${redacted}`],
  [/"(?:(?!" is an invalid header )[^])*"(?= is an invalid header )/g, redacted],
];

/**
 * `text` with `[redacted]` in place of each of `secrets`, and of what looks like a token: `Bearer ...`, a JWT, the user
 * information of a URL. Secrets that overlap are taken out together, so that no part of the longer one is left.
 */
export function scrubText(text: string, secrets: readonly string[]): string {
  let result = "";
  let end = 0;
  for (const [from, to] of occurrences(text, secrets)) {
    result += text.slice(end, from) + redacted;
    end = to;
  }
  result += text.slice(end);
  return shapes.reduce((scrubbed, [shape, instead]) => scrubbed.replace(shape, instead), result);
}

/** Where any of `parts` is in `text`: in order, with what overlaps or touches as one. */
export function occurrences(text: string, parts: readonly string[]): [from: number, to: number][] {
  const marks = new Uint8Array(text.length);
  for (const part of parts) {
    for (let at = part ? text.indexOf(part) : -1; at !== -1; at = text.indexOf(part, at + 1)) {
      marks.fill(1, at, at + part.length);
    }
  }
  const found: [number, number][] = [];
  for (let from = marks.indexOf(1); from !== -1; from = marks.indexOf(1, from)) {
    const end = marks.indexOf(0, from);
    const to = end === -1 ? text.length : end;
    found.push([from, to]);
    from = to;
  }
  return found;
}
