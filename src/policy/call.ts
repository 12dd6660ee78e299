import type { ContextKey, ContextValues } from "@connectrpc/connect";
import { noContextValues } from "../transport/context-values.js";

/** What the layers around a wire tell each other about one call, over all its attempts. */
export interface CallRecord {
  /** When the call began, in milliseconds since 1970. */
  readonly startedMs: number;
  /** How many requests were made of it. The first one counts from the start. */
  attempts: number;
  /** Texts that must not be in any error of the call, such as its token. */
  readonly secrets: string[];
  /** Whether an attempt that is over may have been carried out. */
  mayBeDone: boolean;
  /** Whether nothing is on its way just now: the call has not begun, or waits for a token or its next attempt. */
  waiting: boolean;
  /** True if the current attempt may have left this machine: the opposite of `waiting`, as the wires report it. */
  sent: boolean;
  /** What a repeat was answered that found the work done. */
  alreadyDone?: string;
}

/** Where a call's record is. Without `withErrors` or `withRetry` around the transport there is none. */
export const callRecord: ContextKey<CallRecord | undefined> = {
  // Registered, because parts that are loaded later have a copy of this module.
  id: Symbol.for("zitadel-idp.call"),
  defaultValue: undefined,
};

/** The record of a call, made by the first layer that asks, and the context values in which the layers below find it. */
export function recordCall(
  outer: ContextValues | undefined,
): [record: CallRecord, values: ContextValues] {
  const known = outer?.get(callRecord);
  if (outer !== undefined && known !== undefined) {
    return [known, outer];
  }
  const record = new NewRecord();
  return [record, new RecordedValues(record, outer ?? noContextValues())];
}

/** Returns the record of a call that has just reached a wire of ours: from here on, the wire reports when it sends. */
export function recordOnWire(values: ContextValues | undefined): CallRecord {
  const record = values?.get(callRecord) ?? new NewRecord();
  record.sent = false;
  return record;
}

class NewRecord implements CallRecord {
  readonly startedMs: number = Date.now();
  attempts = 1;
  readonly secrets: string[] = [];
  mayBeDone = false;
  waiting = true;

  get sent(): boolean {
    return !this.waiting;
  }

  set sent(isSent: boolean) {
    this.waiting = !isSent;
  }
}

/** The record in front of the caller's values, not among them: those may serve many calls at once. */
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
