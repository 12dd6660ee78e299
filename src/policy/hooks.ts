import {
  create,
  type DescMessage,
  type DescMethod,
  type JsonValue,
  type MessageInitShape,
} from "@bufbuild/protobuf";
import type { UnaryResponse } from "@connectrpc/connect";
import { redactedJson } from "../redact/redacted-json.js";
import type { Protocol } from "../runtime/runtime.js";
import type { CallRecord } from "./call.js";
import { codeName, type ZitadelError } from "./zitadel-error.js";

/** Names and values for a span or a metric, by OpenTelemetry's conventions for RPCs. */
export type Attributes = Readonly<Record<string, string | number>>;

/** A call that begins. */
export interface RequestEvent {
  /** `rpc.system`, `rpc.service`, `rpc.method`, and `server.address` and `server.port` where they are known. */
  readonly attributes: Attributes;
  /** The request in its JSON form, with `[redacted]` in the place of secrets. Made when it is read. */
  readonly message: JsonValue;
}

/** A call that ended. */
export interface ResponseEvent {
  /** Those of the request; `rpc.response.status_code` (`OK`, `NOT_FOUND` …); after an error `error.type`. */
  readonly attributes: Attributes;
  /** From the call to its end: tokens, pauses and repeats included. */
  readonly durationMs: number;
  /** How many requests were made of it. */
  readonly attempts: number;
  /** The response in its JSON form, after a success. Made when it is read. */
  readonly message?: JsonValue;
  /** What the caller gets, after a failure. */
  readonly error?: ZitadelError;
  /**
   * That a repeat found the work done: the first answer was lost, and the second says that there is nothing left to do.
   * The id is that of ZITADEL's answer, e.g. `ORG-Se3tg`. The caller gets a success without content.
   */
  readonly alreadyDone?: string;
}

/** A repeat that is about to wait for its turn. */
export interface RetryEvent {
  /** Those of the request. */
  readonly attributes: Attributes;
  /** The try that failed, from 1. */
  readonly attempt: number;
  /** Why it failed. */
  readonly error: ZitadelError;
  /** How long the pause is. */
  readonly pauseMs: number;
}

/**
 * What is told of calls, to log, measure or trace them. No event holds a secret. What a hook throws is ignored: it must
 * not break the call it looks at. Without hooks nothing is made of this.
 */
export interface Hooks {
  onRequest?(event: RequestEvent): void;
  onResponse?(event: ResponseEvent): void;
  onRetry?(event: RetryEvent): void;
}

/** What `withErrors` and `withRetry` know of the calls that they tell of. */
export interface HookOptions {
  readonly hooks?: Hooks | undefined;
  readonly protocol?: Protocol | undefined;
  readonly baseUrl?: string | undefined;
}

/** Who is told how a call ended. */
export interface Observer {
  succeeded(response: UnaryResponse): void;
  failed(error: ZitadelError): void;
}

/** Tells of a call that begins. Undefined if nobody listens. */
export function observe(
  options: HookOptions,
  method: DescMethod,
  input: unknown,
  record: CallRecord,
): Observer | undefined {
  const { hooks } = options;
  if (hooks?.onRequest === undefined && hooks?.onResponse === undefined) {
    return undefined;
  }
  const begun = performance.now();
  const attributes = callAttributes(options, method);
  tell(hooks, "onRequest", () => ({
    attributes,
    get message() {
      return messageJson(method.input, input);
    },
  }));
  const ended = (status: Attributes): Omit<ResponseEvent, "message" | "error"> => ({
    attributes: { ...attributes, ...status },
    durationMs: performance.now() - begun,
    attempts: record.attempts,
    ...(record.alreadyDone !== undefined && { alreadyDone: record.alreadyDone }),
  });
  return {
    succeeded: ({ message }) =>
      tell(hooks, "onResponse", () => ({
        ...ended({ "rpc.response.status_code": "OK" }),
        get message() {
          return messageJson(method.output, message);
        },
      })),
    failed: (error) =>
      tell(hooks, "onResponse", () => ({ ...ended(errorAttributes(error)), error })),
  };
}

/** The attributes that all events of a call share. */
export function callAttributes({ protocol, baseUrl }: HookOptions, method: DescMethod): Attributes {
  const url = baseUrl === undefined ? undefined : new URL(baseUrl);
  return {
    "rpc.system": protocol === "json" ? "http" : "grpc",
    "rpc.service": method.parent.typeName,
    "rpc.method": method.name,
    ...(url && {
      "server.address": url.hostname,
      "server.port": Number(url.port || (url.protocol === "https:" ? 443 : 80)),
    }),
  };
}

function errorAttributes(error: ZitadelError): Attributes {
  return {
    "rpc.response.status_code": codeName(error.code).toUpperCase(),
    "error.type": error.id ?? error.reason ?? codeName(error.code),
  };
}

/** Tells a hook, whatever it does with it. */
export function tell<Name extends keyof Hooks>(
  hooks: Hooks | undefined,
  name: Name,
  event: () => Parameters<NonNullable<Hooks[Name]>>[0],
): void {
  try {
    (hooks?.[name] as ((event: unknown) => void) | undefined)?.call(hooks, event());
  } catch {
    // A log that fails must not make a call fail.
  }
}

/** Null for what has no JSON form: a request of wrong types fails by itself. */
function messageJson(desc: DescMessage, input: unknown): JsonValue {
  try {
    return redactedJson(desc, create(desc, input as MessageInitShape<DescMessage>));
  } catch {
    return null;
  }
}
