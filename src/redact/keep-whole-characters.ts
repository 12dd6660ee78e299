/** Returns `end`, or one less if `end` would split a surrogate pair; at most the length of the text. */
export function keepWholeCharacters(text: string, end: number): number {
  const isSplit = end < text.length && /[\ud800-\udbff]/.test(text.charAt(end - 1));
  return isSplit ? end - 1 : Math.min(end, text.length);
}
