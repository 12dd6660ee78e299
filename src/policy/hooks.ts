import type { JsonValue } from "@bufbuild/protobuf";
import type { Protocol } from "../runtime/runtime.js";
import type { ZitadelError } from "./zitadel-error.js";

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
 * Functions that are called for each call, to log, measure or trace it. No event holds a secret. An error that a hook
 * throws is ignored, and so is a promise of it that is rejected: a hook must not break the call it looks at, nor end the
 * process. Calls do not wait for promises of hooks.
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
