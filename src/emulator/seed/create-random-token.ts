import { toHex } from "../../utils/to-hex.js";

/** Returns a random token of 64 hexadecimal digits. */
export function createRandomToken(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(32)));
}
