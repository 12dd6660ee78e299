/**
 * Parses the date of an HTTP header, such as `Thu, 01 Jan 2026 12:00:00 GMT`. Returns milliseconds since 1970, or undefined for any
 * other text.
 *
 * `Date.parse` alone accepts too much: it reads the `0` and the `-1` that proxies send in `expires` as years.
 */
export function parseHttpDate(text: string | null): number | undefined {
  const ms = Date.parse(text ?? "");
  return !Number.isNaN(ms) && new Date(ms).toUTCString() === text ? ms : undefined;
}
