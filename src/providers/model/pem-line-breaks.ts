/**
 * Returns PEM with real line breaks instead of `\n`, which environment variables and JSON often contain. PEM never contains a
 * backslash, so nothing else changes.
 */
export function restoreLineBreaks(pem: string): string {
  return pem.includes("-----BEGIN ") ? pem.replace(/\\r\\n|\\n|\\r/g, "\n") : pem;
}
