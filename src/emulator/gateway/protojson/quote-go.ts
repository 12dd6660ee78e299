import { fromLatin1 } from "./from-latin1.js";

/** The characters that Go's strconv.IsPrint accepts. */
const printableInGo = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

const shortEscapes: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
};

/** Quotes one character as encoding/json does in its errors: `'x'`. */
export function quoteGoChar(char: string): string {
  return char === "'" ? "'\\''" : `'${char === '"' ? char : escapeCharacter(char)}'`;
}

/** Quotes a text as Go's strconv.Quote does. The text has one character for each byte of its UTF-8. */
export function quoteGoText(latin1: string): string {
  let quoted = "";
  for (let start = 0; start < latin1.length;) {
    const length = [1, 2, 3, 4].find(
      (count) => fromLatin1(latin1.slice(start, start + count)) !== undefined,
    );
    const char = fromLatin1(latin1.slice(start, start + (length ?? 1)));
    quoted += char === undefined ? escapeByte(latin1.charCodeAt(start)) : escapeInQuotes(char);
    start += length ?? 1;
  }
  return `"${quoted}"`;
}

function escapeInQuotes(char: string): string {
  return char === '"' ? '\\"' : escapeCharacter(char);
}

function escapeCharacter(char: string): string {
  const escape = shortEscapes[char];
  if (escape !== undefined || printableInGo.test(char)) {
    return escape ?? char;
  }
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) {
    return escapeByte(code);
  }
  return code <= 0xffff ? `\\u${toHexDigits(code, 4)}` : `\\U${toHexDigits(code, 8)}`;
}

function escapeByte(byte: number): string {
  return `\\x${toHexDigits(byte, 2)}`;
}

function toHexDigits(code: number, count: number): string {
  return code.toString(16).padStart(count, "0");
}
