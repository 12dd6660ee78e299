const maxLength = 200;

/** Quotes text that an upstream sent, for a message: in quotes, and not longer than 200 characters. */
export function quoteAnswer(text: string): string {
  return JSON.stringify(text.length > maxLength ? `${text.slice(0, maxLength)}…` : text);
}
