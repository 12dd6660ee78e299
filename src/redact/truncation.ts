/** The maximum length of a text from outside, in characters. The rest is neither searched nor kept. */
export const maxTextLength = 8192;

/**
 * The number of characters after the limit that are searched too. It must be at least the longest key of the index of secrets, so
 * that a secret that begins right before the limit is recognized.
 */
export const lookahead = 64;

/** Returns the note that replaces the dropped part of a text. */
export function formatTruncationNote(
  count: number,
  unit: "characters" | "bytes" = "characters",
): string {
  return `… [cut: ${count.toLocaleString("en-US")} more ${unit}]`;
}

const note = /(?:…|\.\.\.) \[cut: [\d,]{1,20} more (?:characters|bytes)\]$/;

/** The maximum length of a note, in characters. */
const maxNote = 64;

/** Splits a text that was cut before into its body and the note, so that another cut changes nothing. */
export function splitTruncationNote(text: string, limit: number): [body: string, note: string] {
  if (text.length <= limit || text.length > limit + maxNote) {
    return [text, ""];
  }
  const at = text.slice(-maxNote).search(note);
  const bodyLength = at < 0 ? text.length : text.length - maxNote + at;
  return [text.slice(0, bodyLength), text.slice(bodyLength)];
}
