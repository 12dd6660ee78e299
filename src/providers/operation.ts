import type { CallOptions } from "@connectrpc/connect";
import { pause } from "../call/pause.js";

/** The options that limit an operation as a whole, across all its calls. */
export interface OperationOptions {
  /** Ends the operation. A call in progress may or may not have been done, as the `outcome` of its error shows. */
  readonly signal?: AbortSignal | undefined;
  /** The deadline of the whole operation in milliseconds. Default: the client's own timeout for each call. */
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
