import { inspect } from "node:util";
import { fromBinary } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { ErrorDetailSchema } from "../../gen/zitadel/message_pb.js";

/** A text that somebody may come to see, and where. */
export type Shown = readonly [sink: string, text: string];

/** What is usually made of a value in a log. */
export function* printed(value: unknown): Generator<Shown> {
  yield ["toString", attempt(() => String(value))];
  yield ["inspect", attempt(() => inspect(value, { depth: Number.POSITIVE_INFINITY, ...whole }))];
  yield ["JSON", attempt(() => JSON.stringify(value) ?? "")];
}

/** That, and all that anybody can get out of it. */
export function* shownBy(value: unknown): Generator<Shown> {
  yield* printed(value);
  yield [
    "inspect of all",
    attempt(() =>
      inspect(value, {
        depth: Number.POSITIVE_INFINITY,
        showHidden: true,
        customInspect: false,
        getters: true,
        ...whole,
      }),
    ),
  ];
  yield ["walk", walk(value)];
}

/** inspect cuts long values off by itself. */
const whole = { maxArrayLength: null, maxStringLength: null } as const;

/** The same for an error, part by part. */
export function* shownByError(error: unknown): Generator<Shown> {
  yield* shownBy(error);
  if (!(error instanceof Error)) {
    return;
  }
  yield ["message", error.message];
  yield ["stack", String(error.stack)];
  yield [
    "structuredClone",
    attempt(() => inspect(structuredClone({ ...error }), { depth: 20, ...whole })),
  ];
  yield [
    "structuredClone",
    attempt(() => inspect(structuredClone(error), { depth: 20, ...whole })),
  ];
  if (error.cause !== undefined) {
    // What can be reached from it is searched above.
    for (const [, text] of printed(error.cause)) {
      yield ["cause", text];
    }
  }
  if (error instanceof ConnectError) {
    yield ["rawMessage", error.rawMessage];
    yield ["metadata", decodedHeaders(error.metadata)];
    yield ["details", decodedDetails(error)];
  }
}

/** The values of headers, and what gRPC packs into them. */
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
 * All texts that can be reached from a value: its own and inherited properties, whatever their name and visibility, getters,
 * what collections hold, and bytes.
 */
export function walk(value: unknown): string {
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
        // A getter of another object's private parts.
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

/** What every object inherits, and so holds no secret. */
function isRoot(value: object): boolean {
  return [Object.prototype, Function.prototype, Array.prototype, Error.prototype].includes(value);
}

/** Descriptors of messages and RPCs: they are the same before any request, and as large as all the protos. */
function isStatic(value: object): boolean {
  return "kind" in value && "proto" in value && "toString" in value;
}

function attempt(make: () => string): string {
  try {
    return make();
  } catch {
    // E.g. JSON of a bigint, or of what goes in a circle. Other sinks have the same content.
    return "";
  }
}
