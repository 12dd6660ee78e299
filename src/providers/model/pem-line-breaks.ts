/**
 * Replaces `\n` and `\r` in PEM, as environment variables often contain them, with real line breaks. PEM itself contains no backslash.
 */
export function restorePemLineBreaks(pem: string): string {
  return pem.includes("-----BEGIN ") ? pem.replace(/\\r\\n|\\n|\\r/g, "\n") : pem;
}
