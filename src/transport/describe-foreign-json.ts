import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { RestResponse } from "../rest/response.js";

/** The maximum number of member names that an error repeats. */
const maxNames = 5;

/** The maximum length of a text that an error repeats, in characters. */
const maxTextLength = 200;

/** Describes JSON that is not the expected response: the names of its members, and the text of its error message. */
export function describeForeignJson({ body }: RestResponse): string {
  const json = JSON.parse(new TextDecoder().decode(body)) as JsonValue;
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return `: it is ${describeKind(json)}`;
  }
  const names = Object.keys(json)
    // Other names could be anything, such as a token.
    .filter((name) => /^[a-z][\w-]{0,31}$/i.test(name))
    .slice(0, maxNames);
  const { error } = json;
  const inner = typeof error === "object" && error !== null && !Array.isArray(error) ? error : {};
  const text = [json["message"], json["error_description"], error, inner["message"]].find(
    (each) => typeof each === "string" && each !== "",
  );
  return [
    names.length > 0 && `: it has ${names.join(", ")}`,
    typeof text === "string" &&
      ` and says "${text.slice(0, maxTextLength).replaceAll(/[\p{Cc}\s]+/gu, " ")}"`,
  ]
    .filter(Boolean)
    .join("");
}

function describeKind(json: Exclude<JsonValue, JsonObject>): string {
  if (Array.isArray(json)) {
    return "a list";
  }
  return json === null ? "null" : `a ${typeof json}`;
}
