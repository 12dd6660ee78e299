import type { DescField, DescMessage, JsonValue, Message } from "@bufbuild/protobuf";
import { createBadRequestError } from "./bad-request-error.js";
import { toFieldPath } from "../../rest/field-names.js";
import { mergeUrlValue } from "./merge-url-value.js";
import { parseUrlValue } from "./parse-url-value.js";
import type { Binding } from "../../rest/rest-method.js";

/** Merges the query parameters into a message. Ignores unknown names, and names of fields in the path or the body. */
export function decodeQuery(
  desc: DescMessage,
  { body, variables }: Binding,
  query: URLSearchParams,
  message: Message,
): void {
  if (body === "*") {
    return;
  }
  const elsewhere = new Set([
    ...variables.map(toFieldPath),
    ...(body === undefined ? [] : [body.name]),
  ]);
  const oneofs = new Set<string>();
  for (const name of new Set(query.keys())) {
    const [, path = "", key = ""] = /^([^[]*)(?:\[(.*)\])?$/s.exec(name) ?? [];
    const chain = findFieldChain(desc, path);
    const field = chain?.at(-1);
    if (
      chain === undefined ||
      field === undefined ||
      elsewhere.has(toFieldPath(chain)) ||
      elsewhere.has(chain[0]?.name ?? "")
    ) {
      continue;
    }
    const values = query.getAll(name);
    checkValueCount(field, values, oneofs);
    const decoded = values.map((value) => requireUrlValue(field, name, value));
    mergeUrlValue(desc, message, chain, toFieldJson(field, decoded, key));
  }
}

/** Converts a value of the query to JSON. Throws `invalid_argument` if the text is not a value of the field. */
function requireUrlValue(field: DescField, name: string, text: string): JsonValue {
  const value = parseUrlValue(field, text);
  if (value === undefined) {
    throw createBadRequestError(`parsing field "${name}": invalid value`);
  }
  return value;
}

/** Throws `invalid_argument` for a second value of a field or a oneof. Adds the oneof to `oneofs`. */
function checkValueCount(field: DescField, values: readonly string[], oneofs: Set<string>): void {
  const { oneof } = field;
  if (oneof && (oneofs.has(String(oneof)) || values.length > 1)) {
    throw createBadRequestError(`field already set for oneof "${oneof.name}"`);
  }
  if (oneof) {
    oneofs.add(String(oneof));
  }
  if (field.fieldKind !== "list" && values.length > 1) {
    throw createBadRequestError(`too many values for field "${field.name}": ${values.join(", ")}`);
  }
}

function toFieldJson(field: DescField, values: JsonValue[], key: string): JsonValue {
  const [first = null] = values;
  switch (field.fieldKind) {
    case "list":
      return values;
    case "map":
      return { [key]: first };
    default:
      return first;
  }
}

/** Returns the fields of a dotted query name. Each part is the proto name or the JSON name of a field. */
function findFieldChain(desc: DescMessage, path: string): DescField[] | undefined {
  const chain: DescField[] = [];
  let message: DescMessage | undefined = desc;
  for (const part of path.split(".")) {
    const field: DescField | undefined = message?.fields.find(
      ({ name, jsonName }) => part === name || part === jsonName,
    );
    if (field === undefined) {
      return undefined;
    }
    chain.push(field);
    message = field.fieldKind === "message" ? field.message : undefined;
  }
  return chain;
}
