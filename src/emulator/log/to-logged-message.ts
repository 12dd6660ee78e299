import type { DescMessage, JsonValue, Message } from "@bufbuild/protobuf";
import { redactedJson as redact } from "../../redact/redacted-json.js";

/** The size above which a request is not kept, so that a log of a thousand entries stays small. */
const maxCharacters = 32 * 1024;

/** Returns a request as the log keeps it: in its JSON form without secrets, or only its size if the request is too long. */
export function toLoggedMessage(desc: DescMessage, message: Message): JsonValue {
  const json = redact(desc, message);
  const { length } = JSON.stringify(json);
  return length > maxCharacters ? `[${length} characters of JSON]` : json;
}
