/**
 * Parses the last frame of an answer over gRPC-web, which has a trailer in each line. Headers have a character for each byte,
 * and here too. Bytes that no header may have become blanks, and lines that are no trailers are left out: the status in the
 * other lines counts.
 */
export function parseTrailer(data: Uint8Array): Headers {
  let text = "";
  for (const byte of data) {
    text += String.fromCharCode(byte);
  }
  const trailer = new Headers();
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*:(.*)$/s.exec(line) ?? [];
    if (name !== undefined && value !== undefined) {
      trailer.append(name, value.replace(/[\0\r]/g, " "));
    }
  }
  return trailer;
}
