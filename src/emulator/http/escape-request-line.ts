/**
 * Escapes the bytes of a request line that are not ASCII, because Node's parser rejects them and Go's does not. Both servers then
 * read the same path. `bytes` are the first bytes of a connection; later request lines of the connection stay as they are.
 */
export function escapeRequestLine(bytes: Buffer): Buffer {
  const newline = bytes.indexOf("\n");
  const end = newline < 0 ? bytes.length : newline;
  const line = bytes.subarray(0, end).toString("latin1");
  const escaped = line.replace(
    /[\u0080-\u00ff]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return Buffer.concat([Buffer.from(escaped, "latin1"), bytes.subarray(end)]);
}
