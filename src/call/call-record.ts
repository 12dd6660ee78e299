import type { ContextKey, ContextValues } from "@connectrpc/connect";
import { throwIfAborted } from "../transport/abort.js";
import { noContextValues } from "../transport/context-values.js";

/** Something that can be ended from outside. */
export interface Abortable {
  abort(reason: unknown): void;
}

/** The part of a call's state that its wire reads and writes. */
export interface SendState {
  /**
   * True if the current attempt may have left this machine. `withErrors` and `withRetry` set it when they hand the call to a
   * transport, because a transport of the caller's does not report. Our own wires take it back at once, and set it again in
   * the moment in which they send. It never becomes true after the call has ended.
   */
  sent: boolean;
  /** The reason for which the client was closed by force during the call. */
  closed?: unknown;
  /** The request or the pause that the call waits for at present. */
  waiter?: Abortable | undefined;
}

/** The state of one call over all its attempts, shared by the layers around a wire and by the wire itself. */
export interface CallRecord extends SendState {
  /** The start of the call, in milliseconds since 1970. */
  readonly startedMs: number;
  /** The number of requests made for the call. The first one counts from the start. */
  attempts: number;
  /** Texts that must not appear in any error of the call, such as its token. */
  readonly secrets: string[];
  /** The token of the last attempt, from which hints take its kind and its end. */
  token?: string;
  /** The organization that the last attempt named. */
  orgId?: string | undefined;
  /** True if an attempt that is over may have been carried out. */
  mayBeDone: boolean;
  /** The deadline and the signal of the call, if it has any. */
  limits?: Abortable | undefined;
  /** Ends the wait for a call without limits. */
  reject: ((reason: unknown) => void) | undefined;
  /** The neighbours among the open calls of the client. */
  older: CallRecord | undefined;
  newer: CallRecord | undefined;
  /** The error id of a repeated attempt that found the work done. */
  alreadyDone?: string;
}

/** The place of a call's record among its context values. A global symbol, because lazy parts have a copy of this module. */
export const callRecord: ContextKey<CallRecord | undefined> = {
  id: Symbol.for("zitadel-idp.call"),
  defaultValue: undefined,
};

/** Returns the record of a call, made by the first layer that asks, and the context values in which inner layers find it. */
export function recordCall(
  outer: ContextValues | undefined,
): [record: CallRecord, values: ContextValues] {
  const known = outer?.get(callRecord);
  if (outer !== undefined && known !== undefined) {
    return [known, outer];
  }
  const record = createRecord();
  return [record, new RecordedValues(record, outer ?? noContextValues())];
}

/** Returns the record of a call that has just reached a wire of ours: from here on, the wire reports when it sends. */
export function recordOnWire(values: ContextValues | undefined): CallRecord {
  const record = values?.get(callRecord) ?? createRecord();
  record.sent = false;
  return record;
}

function createRecord(): CallRecord {
  return {
    startedMs: Date.now(),
    attempts: 1,
    secrets: [],
    mayBeDone: false,
    sent: false,
    closed: undefined,
    waiter: undefined,
    limits: undefined,
    reject: undefined,
    older: undefined,
    newer: undefined,
  };
}

/** Throws the reason for which a call has ended, if it has: nothing may be sent for it any more. */
export function throwIfEnded({ closed }: SendState, signal: AbortSignal | undefined): void {
  if (closed !== undefined) {
    throw closed;
  }
  throwIfAborted(signal);
}

/** The record in front of the caller's values instead of among them, because those may serve many calls at once. */
class RecordedValues implements ContextValues {
  #record: CallRecord;
  #outer: ContextValues;

  constructor(record: CallRecord, outer: ContextValues) {
    this.#record = record;
    this.#outer = outer;
  }

  get<T>(key: ContextKey<T>): T {
    return key.id === callRecord.id ? (this.#record as T) : this.#outer.get(key);
  }

  set<T>(key: ContextKey<T>, value: T): this {
    this.#outer.set(key, value);
    return this;
  }

  delete(key: ContextKey<unknown>): this {
    this.#outer.delete(key);
    return this;
  }
}
