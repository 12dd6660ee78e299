import type { DescMessage, JsonValue, Message } from "@bufbuild/protobuf";
import { redactedJson as redact } from "../../redact/redacted-json.js";

/** The size of JSON above which the log does not keep a request, so that a log of a thousand entries stays small. */
const maxCharacters = 32 * 1024;

/** Returns a request in its JSON form without secrets, or only its size if the JSON is too long for the log. */
export function toLoggedMessage(desc: DescMessage, message: Message): JsonValue {
  const json = redact(desc, message);
  const { length } = JSON.stringify(json);
  return length > maxCharacters ? `[${length} characters of JSON]` : json;
}
