import { badRequest } from "./decode-error.js";

const token = /"(?:[^"\\]|\\[^])*"|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[a-z]+|[ \t\r\n]+|[^]/gi;
const blank = /^[ \t\r\n]/;
const longInteger = /^-?\d{16,}$/;

/**
 * The first JSON value of a body, as text; "" when there is none but white space. Go's json.Decoder, which grpc-gateway
 * reads bodies with, leaves what follows it alone.
 *
 * Long integers, which a JavaScript number cannot hold, are put in quotes, as the JSON form of 64-bit fields allows.
 *
 * Throws a ConnectError with `invalid_argument` for bytes that are not UTF-8 and for text that is not JSON.
 */
export function firstJsonValue(body: Uint8Array): string {
  const text = decodeUtf8(body);
  const json = cut(text);
  try {
    JSON.parse(json || "null");
    return json;
  } catch {
    const [first = ""] = json;
    throw badRequest(
      /["[{\-\dtfn]/.test(first)
        ? "proto: syntax error: invalid JSON"
        : `invalid character '${first}' looking for beginning of value`,
    );
  }
}

function cut(text: string): string {
  let json = "";
  let depth = 0;
  for (const [part] of text.matchAll(token)) {
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
    throw badRequest("unexpected EOF");
  }
  return json;
}

function decodeUtf8(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw badRequest("proto: syntax error: invalid UTF-8 in string");
  }
}
