import type { JsonValue } from "@bufbuild/protobuf";
import type { CallIdentity } from "../../call/call-identity.js";
import type { Protocol } from "../../call/protocol.js";
import type { ZitadelError } from "../errors/zitadel-error.js";

/**
 * The attributes of a call, for a log or a metric. The names come from an early version of OpenTelemetry's conventions for RPCs, such
 * as `rpc.service`; `zitadel-idp/otel` converts them to the names of the stable version.
 */
export type Attributes = Readonly<Record<string, string | number>>;

/** The event at the start of a call. */
export interface RequestEvent extends CallIdentity {
  /** The attributes `rpc.system`, `rpc.service` and `rpc.method`, and `server.address` and `server.port` if they are known. */
  readonly attributes: Attributes;
  /**
   * The request as JSON, with `[redacted]` instead of secrets. Computed when it is read. Null for a request with values of wrong types,
   * and for messages of other services with maps or with types of google.protobuf.
   */
  readonly message: JsonValue;
}

/** The event at the end of a call. */
export interface ResponseEvent extends CallIdentity {
  /** The attributes of the request event, `rpc.response.status_code` (`OK`, `NOT_FOUND` …), and after an error `error.type`. */
  readonly attributes: Attributes;
  /** The duration of the whole call in milliseconds, including tokens, pauses and retries. */
  readonly durationMs: number;
  /** The number of attempts. */
  readonly attempts: number;
  /** The response as JSON, after a success, in the same form as the request. Computed when it is read. */
  readonly message?: JsonValue | undefined;
  /** The error that the caller gets, after a failure. */
  readonly error?: ZitadelError | undefined;
  /**
   * The id of ZITADEL's error, e.g. `ORG-Se3tg`, if a retry found the work already done: the first response was lost, and the
   * second one reports that there is nothing left to do. The caller gets a success with an empty message.
   */
  readonly alreadyDone?: string | undefined;
}

/** The event before the pause of a retry. */
export interface RetryEvent extends CallIdentity {
  /** The attributes of the request event. */
  readonly attributes: Attributes;
  /** The number of the attempt that failed, from 1. */
  readonly attempt: number;
  /** The error of that attempt. */
  readonly error: ZitadelError;
  /** The length of the pause in milliseconds. */
  readonly pauseMs: number;
}

/**
 * Callbacks that run for each call, to log, measure or trace it. No event contains a secret.
 *
 * An error that a hook throws is ignored, and so is the rejection of a promise that it returns, because a hook must neither break
 * the call it observes nor end the process. Calls do not wait for promises that hooks return.
 *
 * @example
 * const hooks: Hooks = {
 *   onRequest: ({ callId, attributes }) => console.log(callId, attributes["rpc.method"]),
 *   onResponse: ({ callId, durationMs, error }) => console.log(callId, durationMs, error?.message ?? "ok"),
 * };
 */
export interface Hooks {
  /** The callback at the start of each call. */
  readonly onRequest?: ((event: RequestEvent) => void) | undefined;
  /** The callback at the end of each call, after a success and after a failure. */
  readonly onResponse?: ((event: ResponseEvent) => void) | undefined;
  /** The callback before the pause of each retry. */
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
}

/** Options that `withErrors` and `withRetry` need for their events. */
export interface HookOptions {
  /** The hooks to call. Default: none. */
  readonly hooks?: Hooks | undefined;
  /** The wire protocol of the transport, for the attribute `rpc.system`. Without it, that attribute is `"grpc"`. */
  readonly protocol?: Protocol | undefined;
  /** The URL of the instance, for the attributes `server.address` and `server.port`, which are missing without it. */
  readonly baseUrl?: string | undefined;
}
