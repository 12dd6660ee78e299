/** The most that is scrubbed and kept of a text that somebody else wrote, in characters. */
export const maxText = 8192;

/**
 * The number of characters behind the limit that are searched too. It must be at least the length of a key of the index, so
 * that a secret that begins right before the limit is recognized.
 */
export const lookahead = 64;

/** Returns the remark that takes the place of what is not kept of a text. */
export function cutNote(count: number, unit: "characters" | "bytes" = "characters"): string {
  return `… [cut: ${count.toLocaleString("en-US")} more ${unit}]`;
}

const note = /(?:…|\.\.\.) \[cut: [\d,]{1,20} more (?:characters|bytes)\]$/;

/** The longest remark, in characters. */
const maxNote = 64;

/** Splits the remark from a text that was cut before, so that cutting it again changes nothing. */
export function splitNote(text: string, limit: number): [body: string, note: string] {
  if (text.length <= limit || text.length > limit + maxNote) {
    return [text, ""];
  }
  const at = text.slice(-maxNote).search(note);
  const bodyLength = at < 0 ? text.length : text.length - maxNote + at;
  return [text.slice(0, bodyLength), text.slice(bodyLength)];
}
