import type { ContextKey, ContextValues } from "@connectrpc/connect";
import { throwIfAborted } from "./abort.js";
import { noContextValues } from "./context-values.js";

/** An object that can be aborted from outside. */
export interface Abortable {
  abort(reason: unknown): void;
}

/** The part of a call's state that its transport reads and writes. */
export interface SendState {
  /**
   * True if the current attempt may have left this machine. `withErrors` and `withRetry` set it when they pass the call to a
   * transport, because the caller's own transport does not report it. Our transports reset it at once, and set it again in the
   * moment in which they send. It never becomes true after the call has ended.
   */
  sent: boolean;
  /** The reason for which the client was closed with `force` during the call. */
  closed?: unknown;
  /** The request or the pause that the call is waiting for. */
  waiter?: Abortable | undefined;
}

/** The state of one call over all its attempts. The layers around a transport and the transport itself share it. */
export interface CallRecord extends SendState {
  /** The start of the call, in milliseconds since 1970. */
  readonly startedMs: number;
  /** The number of attempts of the call, 1 from the start. */
  attempts: number;
  /** The texts that must not appear in any error of the call, such as its token. */
  readonly secrets: string[];
  /** The token of the last attempt. Hints use its kind and its expiry. */
  token?: string;
  /** The organization id of the last attempt. */
  orgId?: string | undefined;
  /** True if an earlier attempt may have been carried out. */
  mayBeDone: boolean;
  /** The combined deadline and signal of the call, if it has any. */
  limits?: Abortable | undefined;
  /** Rejects a call that has neither a deadline nor a signal. */
  reject: ((reason: unknown) => void) | undefined;
  /** The neighbours in the client's list of open calls. */
  older: CallRecord | undefined;
  newer: CallRecord | undefined;
  /** The error id of a retry that found the work already done. */
  alreadyDone?: string;
}

/** The key of a call's record in its context values. The symbol is global because lazy parts have a copy of this module. */
export const callRecord: ContextKey<CallRecord | undefined> = {
  id: Symbol.for("zitadel-idp.call"),
  defaultValue: undefined,
};

/** Returns the record of a call, and the context values in which inner layers find it. The first layer creates the record. */
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

/**
 * Returns the record of a call that has reached one of our transports, and resets `sent`: from here on, the transport sets it.
 */
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

/** Throws the reason for which a call has ended, if it has ended. Nothing may be sent for the call after that. */
export function throwIfEnded({ closed }: SendState, signal: AbortSignal | undefined): void {
  if (closed !== undefined) {
    throw closed;
  }
  throwIfAborted(signal);
}

/**
 * Context values that hold the record in front of the caller's values. Those may be shared by many calls, so the record cannot be
 * stored in them.
 */
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
