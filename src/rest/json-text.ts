import { Code, ConnectError } from "@connectrpc/connect";

const token = /"(?:[^"\\]|\\[^])*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[{}[\]]|[^"{}[\]\s]/g;

/**
 * The first JSON value of a body, as text; "" when there is none but white space. Go's json.Decoder, which grpc-gateway
 * reads bodies with, leaves what follows it alone.
 *
 * Integers that a JavaScript number cannot hold are put in quotes, which the JSON form of 64-bit fields allows.
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
    const [first = ""] = text.trimStart();
    throw invalid(
      /^["[{\-\dtfn]/.test(first)
        ? "proto: syntax error: invalid JSON"
        : `invalid character '${first}' looking for beginning of value`,
    );
  }
}

function cut(text: string): string {
  let json = "";
  let depth = 0;
  for (const { 0: part, index } of text.matchAll(token)) {
    const word = /^[a-z]+/.exec(text.slice(index, index + 5))?.[0];
    const isInteger = /^-?\d+$/.test(part);
    json +=
      isInteger && !Number.isSafeInteger(Number(part))
        ? `"${part}"`
        : depth === 0 && word
          ? word
          : part;
    depth += part === "{" || part === "[" ? 1 : part === "}" || part === "]" ? -1 : 0;
    if (depth <= 0) {
      return json;
    }
  }
  if (depth > 0) {
    throw invalid("unexpected EOF");
  }
  return json;
}

function decodeUtf8(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw invalid("proto: syntax error: invalid UTF-8 in string");
  }
}

function invalid(message: string): ConnectError {
  return new ConnectError(message, Code.InvalidArgument);
}
