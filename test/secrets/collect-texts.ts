import { inspect } from "node:util";
import { fromBinary } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { ErrorDetailSchema } from "../../gen/zitadel/message_pb.js";

/** A text that a person may see, and its sink. */
export type SinkText = readonly [sink: string, text: string];

/** Returns the usual texts of a value in a log. */
export function* printTexts(value: unknown): Generator<SinkText> {
  yield ["toString", attempt(() => String(value))];
  yield [
    "inspect",
    attempt(() => inspect(value, { depth: Number.POSITIVE_INFINITY, ...unlimited })),
  ];
  yield ["JSON", attempt(() => JSON.stringify(value) ?? "")];
}

/** Returns these texts and everything else that is reachable from the value. */
export function* collectTexts(value: unknown): Generator<SinkText> {
  yield* printTexts(value);
  yield [
    "inspect of all",
    attempt(() =>
      inspect(value, {
        depth: Number.POSITIVE_INFINITY,
        showHidden: true,
        customInspect: false,
        getters: true,
        ...unlimited,
      }),
    ),
  ];
  yield ["walk", collectReachableTexts(value)];
}

/** Without limits, because inspect cuts long values itself. */
const unlimited = { maxArrayLength: null, maxStringLength: null } as const;

/** Returns the texts of an error, part by part. */
export function* collectErrorTexts(error: unknown): Generator<SinkText> {
  yield* collectTexts(error);
  if (!(error instanceof Error)) {
    return;
  }
  yield ["message", error.message];
  yield ["stack", String(error.stack)];
  yield [
    "structuredClone",
    attempt(() => inspect(structuredClone({ ...error }), { depth: 20, ...unlimited })),
  ];
  yield [
    "structuredClone",
    attempt(() => inspect(structuredClone(error), { depth: 20, ...unlimited })),
  ];
  if (error.cause !== undefined) {
    // Everything that is reachable from it is searched above.
    for (const [, text] of printTexts(error.cause)) {
      yield ["cause", text];
    }
  }
  if (error instanceof ConnectError) {
    yield ["rawMessage", error.rawMessage];
    yield ["metadata", decodedHeaders(error.metadata)];
    yield ["details", decodedDetails(error)];
  }
}

/** Returns the values of headers, and the content that gRPC encodes in them. */
function decodedHeaders(headers: Headers): string {
  return [...headers]
    .flatMap(([name, value]) => [
      `${name}: ${value}`,
      attempt(() => decodeURIComponent(value)),
      name.endsWith("-bin") ? Buffer.from(value, "base64").toString("latin1") : "",
    ])
    .join("\n");
}

function decodedDetails(error: ConnectError): string {
  return error.details
    .flatMap((detail) =>
      "type" in detail
        ? [
            detail.type,
            Buffer.from(detail.value).toString("latin1"),
            JSON.stringify(detail.debug ?? ""),
            attempt(() => JSON.stringify(fromBinary(ErrorDetailSchema, detail.value))),
          ]
        : [JSON.stringify(detail.value)],
    )
    .join("\n");
}

/**
 * Returns all texts that are reachable from a value: its own and inherited properties, whatever their name and visibility,
 * getters, the content of collections, and bytes.
 */
function collectReachableTexts(value: unknown): string {
  const texts: string[] = [];
  const seen = new Set<unknown>();
  const todo: unknown[] = [value];
  while (todo.length > 0) {
    const each = todo.pop();
    if (typeof each === "symbol") {
      texts.push(each.description ?? "");
    } else if ((typeof each !== "object" && typeof each !== "function") || each === null) {
      texts.push(String(each));
    } else if (!seen.has(each) && !isStatic(each)) {
      seen.add(each);
      texts.push(...textsOf(each));
      todo.push(...reachableFrom(each));
    }
  }
  return texts.join("\n");
}

function textsOf(value: object): string[] {
  if (ArrayBuffer.isView(value)) {
    return [Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("latin1")];
  }
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
    return [Buffer.from(value).toString("latin1")];
  }
  return typeof value === "function" ? [] : [attempt(() => String(value))];
}

function reachableFrom(value: object): unknown[] {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return [];
  }
  const reached: unknown[] = [];
  if (Symbol.iterator in value) {
    // Lists, maps, sets, headers, queries, forms.
    reached.push(...listed(value as Iterable<unknown>));
  }
  for (
    let owner: object | null = value;
    owner !== null && !isRoot(owner);
    owner = Object.getPrototypeOf(owner) as object | null
  ) {
    for (const name of Reflect.ownKeys(owner)) {
      reached.push(name);
      try {
        reached.push(Reflect.get(owner, name, value));
      } catch {
        // The getter needs the private fields of another object.
      }
    }
  }
  return reached;
}

function listed(value: Iterable<unknown>): unknown[] {
  try {
    return [...value];
  } catch {
    return [];
  }
}

/** Returns true for the prototypes that every object inherits from. They hold no secrets. */
function isRoot(value: object): boolean {
  return [Object.prototype, Function.prototype, Array.prototype, Error.prototype].includes(value);
}

/** Returns true for descriptors of messages and RPCs. They do not depend on a request, and are as large as all protos. */
function isStatic(value: object): boolean {
  return "kind" in value && "proto" in value && "toString" in value;
}

function attempt(make: () => string): string {
  try {
    return make();
  } catch {
    // For example, JSON of a bigint or of a circular object. Other sinks have the same content.
    return "";
  }
}
