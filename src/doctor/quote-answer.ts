const maxLength = 200;

/** Quotes text from an upstream for a message. Cuts it after 200 characters. */
export function quoteAnswer(text: string): string {
  return JSON.stringify(text.length > maxLength ? `${text.slice(0, maxLength)}…` : text);
}
