import type { CallOptions } from "@connectrpc/connect";
import { pause } from "../call/pause.js";

/** The options of an operation, which cover all of its calls together. */
export interface OperationOptions {
  /** Ends the operation early. A call in progress may still have taken effect: see the `outcome` of the error. */
  readonly signal?: AbortSignal | undefined;
  /** The timeout of the whole operation, in milliseconds. Default: none, only the client's timeout for each call. */
  readonly timeoutMs?: number | undefined;
}

/** The deadline and signal of an operation in progress. */
export interface Operation {
  /** Returns the options of the next call, with the remaining time as its timeout. */
  callOptions(): CallOptions;
  /** Returns the milliseconds until the deadline. */
  remainingMs(): number;
  /** Waits, but not beyond the deadline. */
  pause(ms: number): Promise<void>;
}

/** Starts the deadline of an operation. */
export function startOperation({ signal, timeoutMs }: OperationOptions = {}): Operation {
  const end = timeoutMs === undefined ? Infinity : performance.now() + timeoutMs;
  const remainingMs = (): number => end - performance.now();
  return {
    callOptions: () => ({
      ...(signal && { signal }),
      // A call without a timeout would have no limit, so pass at least 1 ms after the deadline.
      ...(end < Infinity && { timeoutMs: Math.max(1, remainingMs()) }),
    }),
    remainingMs,
    pause: async (ms) => await pause(Math.max(0, Math.min(ms, remainingMs())), signal),
  };
}
