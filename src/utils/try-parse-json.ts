import type { JsonValue } from "@bufbuild/protobuf";

/** Parses JSON. Returns `undefined` if the text is not JSON: the error of `JSON.parse` would repeat a part of the text. */
export function tryParseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
