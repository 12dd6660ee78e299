/** Compares two texts by their UTF-8 bytes, the sort order of the server. */
export function compareByBytes(a: string, b: string): number {
  const [left, right] = [new TextEncoder().encode(a), new TextEncoder().encode(b)];
  const differing = left.findIndex((byte, index) => byte !== right[index]);
  return differing === -1
    ? left.length - right.length
    : (left[differing] ?? 0) - (right[differing] ?? -1);
}
