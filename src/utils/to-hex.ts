const hexOfByte: readonly string[] = /*@__PURE__*/ Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
);

/** Encodes bytes in hexadecimal, with lower-case letters. */
export function toHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) {
    hex += hexOfByte[byte];
  }
  return hex;
}
