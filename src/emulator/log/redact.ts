import type { DescMessage, JsonValue, Message } from "@bufbuild/protobuf";
import { toJson } from "@bufbuild/protobuf";

/** What stands in place of a secret. */
const redacted = "[redacted]";

/** Longer requests are not kept: a log of a thousand entries shall stay small. */
const maxCharacters = 32 * 1024;

/** A message in its JSON form, without the values of the fields that the protos mark with `debug_redact`. */
export function redactedJson(desc: DescMessage, message: Message): JsonValue {
  const json = redact(desc, toJson(desc, message));
  const { length } = JSON.stringify(json);
  return length > maxCharacters ? `[${length} characters of JSON]` : json;
}

function redact(desc: DescMessage, json: JsonValue): JsonValue {
  if (Array.isArray(json)) {
    return json.map((item) => redact(desc, item));
  }
  if (typeof json !== "object" || json === null) {
    return json;
  }
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => {
      const field = desc.fields.find(({ jsonName }) => jsonName === name);
      if (field?.proto.options?.debugRedact) {
        return [name, redacted];
      }
      return [name, field?.message ? redact(field.message, value) : value];
    }),
  );
}
