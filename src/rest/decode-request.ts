import { mergeFromJson } from "@bufbuild/protobuf";
import type { DescField, DescMessage, JsonObject, JsonValue, Message } from "@bufbuild/protobuf";
import { decodeRequestBody } from "./decode-request-body.js";
import { badRequestError, explainDecodeError, readOptions } from "./bad-request.js";
import { toFieldPath } from "./field-names.js";
import type { Binding, RestMethod } from "./compile-rule.js";
import { parseUrlValue } from "./parse-url-value.js";

/** The parts of a request that a server decodes with a binding. */
export interface IncomingRequest {
  /** The result of `match`. */
  readonly variables: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/**
 * Decodes a request message as grpc-gateway v2 does in ZITADEL's configuration.
 *
 * The decoder merges the body, then the query, then the path variables; later values replace earlier ones. It ignores unknown
 * fields, enum names and query names, and everything after the first JSON value. An empty or blank body gives an empty message,
 * and so does any body if the rule has none.
 *
 * Throws a ConnectError with `invalid_argument`. Its text resembles the server's text, which is not stable.
 */
export function decodeRequest(rest: RestMethod, binding: Binding, input: IncomingRequest): Message {
  const { input: desc } = rest.method;
  const message = decodeRequestBody(desc, binding, input);
  decodeQuery(desc, binding, input.query, message);
  for (const chain of binding.variables) {
    const path = toFieldPath(chain);
    merge(desc, message, chain, textValue(chain.at(-1), path, input.variables[path] ?? ""));
  }
  return message;
}

/** Merges the query parameters. Ignores unknown names, and names of fields in the path or the body. */
function decodeQuery(
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
    const [, path = "", key] = /^([^[]*)(?:\[(.*)\])?$/s.exec(name) ?? [];
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
    const { oneof } = field;
    if (oneof && (oneofs.has(String(oneof)) || values.length > 1)) {
      throw badRequestError(`field already set for oneof "${oneof.name}"`);
    }
    if (oneof) {
      oneofs.add(String(oneof));
    }
    if (field.fieldKind !== "list" && values.length > 1) {
      throw badRequestError(`too many values for field "${field.name}": ${values.join(", ")}`);
    }
    const decoded = values.map((value) => textValue(field, name, value));
    merge(
      desc,
      message,
      chain,
      field.fieldKind === "list"
        ? decoded
        : field.fieldKind === "map"
          ? { [key ?? ""]: decoded[0] ?? null }
          : (decoded[0] ?? null),
    );
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

function textValue(field: DescField | undefined, name: string, text: string): JsonValue {
  const value = field && parseUrlValue(field, text);
  if (value === undefined) {
    throw badRequestError(`parsing field "${name}": invalid value`);
  }
  return value;
}

function merge(
  desc: DescMessage,
  message: Message,
  chain: readonly DescField[],
  value: JsonValue,
): void {
  const json = chain.reduceRight<JsonValue>((inner, { name }) => ({ [name]: inner }), value);
  try {
    mergeFromJson(desc, message, json as JsonObject, readOptions);
  } catch (cause) {
    throw badRequestError(
      `type mismatch, parameter: ${toFieldPath(chain)}, error: ${explainDecodeError(cause)}`,
    );
  }
}
