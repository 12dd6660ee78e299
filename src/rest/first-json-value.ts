import { tryDecodeUtf8 } from "../utils/try-decode-utf8.js";
import { badRequestError } from "./bad-request.js";

/** Matches all tokens but strings: an expression with a repeated group overflows the stack on strings of megabytes. */
const token = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[a-z]+|[ \t\r\n]+|[^]/giy;
const blank = /^[ \t\r\n]/;
const longInteger = /^-?\d{16,}$/;

/**
 * Returns the first JSON value of a body as text, or "" for a body of white space.
 *
 * Go's json.Decoder, with which grpc-gateway reads bodies, ignores everything after that value. Long integers, which a JavaScript
 * number cannot represent, are put in quotes, as the JSON form of 64-bit fields allows.
 *
 * Throws a ConnectError with `invalid_argument` for bytes that are not UTF-8 and for text that is not JSON.
 */
export function readFirstJsonValue(body: Uint8Array): string {
  const text = tryDecodeUtf8(body);
  if (text === undefined) {
    throw badRequestError("proto: syntax error: invalid UTF-8 in string");
  }
  const json = sliceFirstValue(text);
  try {
    JSON.parse(json || "null");
    return json;
  } catch {
    const [first = ""] = json;
    throw badRequestError(
      /["[{\-\dtfn]/.test(first)
        ? "proto: syntax error: invalid JSON"
        : `invalid character '${first}' looking for beginning of value`,
    );
  }
}

function sliceFirstValue(text: string): string {
  let json = "";
  let depth = 0;
  for (const part of splitTokens(text)) {
    if (json === "" && blank.test(part)) {
      continue;
    }
    json += longInteger.test(part) ? `"${part}"` : part;
    depth += "{[".includes(part) ? 1 : "}]".includes(part) ? -1 : 0;
    if (depth <= 0) {
      return json;
    }
  }
  if (depth > 0) {
    throw badRequestError("unexpected EOF");
  }
  return json;
}

function* splitTokens(text: string): Generator<string> {
  let position = 0;
  while (position < text.length) {
    const end =
      text[position] === '"' ? findStringEnd(text, position) : findTokenEnd(text, position);
    yield text.slice(position, end);
    position = end;
  }
}

function findTokenEnd(text: string, start: number): number {
  token.lastIndex = start;
  token.test(text);
  return token.lastIndex;
}

/** Returns the end of the string that opens at `start`, or the end of the text if the string is not closed. */
function findStringEnd(text: string, start: number): number {
  let quote = start;
  do {
    quote = text.indexOf('"', quote + 1);
  } while (quote !== -1 && isEscaped(text, quote));
  return quote === -1 ? text.length : quote + 1;
}

function isEscaped(text: string, position: number): boolean {
  let first = position;
  while (text[first - 1] === "\\") {
    first--;
  }
  return (position - first) % 2 === 1;
}
