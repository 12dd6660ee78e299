/** Returns true if a pattern fits at least one of the texts. */
export function isOneOf(texts: readonly string[], pattern: RegExp): boolean {
  return texts.some((text) => pattern.test(text));
}
