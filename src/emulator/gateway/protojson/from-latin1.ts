import { tryDecodeUtf8 } from "../../../utils/try-decode-utf8.js";

/** Decodes UTF-8 from a text that has one character for each byte. Returns `undefined` for invalid UTF-8. */
export function fromLatin1(text: string): string | undefined {
  return asciiText.test(text)
    ? text
    : tryDecodeUtf8(Uint8Array.from(text, (char) => char.charCodeAt(0)));
}

const asciiText = /^[\0-\x7f]*$/;
