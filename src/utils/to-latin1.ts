/** Decodes bytes as Latin-1: one character for each byte. */
export function toLatin1(bytes: Uint8Array): string {
  let text = "";
  // In chunks, because a function call takes a limited number of arguments.
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return text;
}
