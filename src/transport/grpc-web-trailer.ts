/**
 * Parses the last frame of a gRPC-web response, which holds one trailer per line. As in headers, each character is one byte.
 * Bytes that a header may not have become blanks, and lines that are not trailers are skipped, so that the status in the other
 * lines still counts.
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
