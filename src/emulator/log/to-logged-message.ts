import type { DescMessage, JsonValue, Message } from "@bufbuild/protobuf";
import { redactedJson as redact } from "../../redact/redacted-json.js";

/** The size of JSON above which the log does not keep a request, so that a log of a thousand entries stays small. */
const maxCharacters = 32 * 1024;

/**
 * Returns a request as the log keeps it: in its JSON form without secrets. A request that is too long, or that has no JSON form, such
 * as one with a duration of a million years, is replaced by a note.
 */
export function toLoggedMessage(desc: DescMessage, message: Message): JsonValue {
  let json: JsonValue;
  try {
    json = redact(desc, message);
  } catch {
    return "[no JSON form: a value is out of range]";
  }
  const { length } = JSON.stringify(json);
  return length > maxCharacters ? `[${length} characters of JSON]` : json;
}
