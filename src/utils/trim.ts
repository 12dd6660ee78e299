/**
 * The white space of Go's `strings.TrimSpace`. JavaScript's `trim` also removes the byte order mark, which the server stores,
 * and keeps U+0085.
 */
const space = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Removes white space at both ends of a text, as the server does. */
export function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && space.test(text.charAt(start))) {
    start++;
  }
  while (end > start && space.test(text.charAt(end - 1))) {
    end--;
  }
  return text.slice(start, end);
}
