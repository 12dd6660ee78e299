import type { DescMessage, JsonValue, Message } from "@bufbuild/protobuf";
import { redactedJson as redact } from "../../redact/redacted-json.js";

/** Longer requests are not kept: a log of a thousand entries shall stay small. */
const maxCharacters = 32 * 1024;

/** A request as the log keeps it: in its JSON form, without its secrets, or only its size if that is long. */
export function redactedJson(desc: DescMessage, message: Message): JsonValue {
  const json = redact(desc, message);
  const { length } = JSON.stringify(json);
  return length > maxCharacters ? `[${length} characters of JSON]` : json;
}
