import type { CallOptions } from "@connectrpc/connect";
import { pause } from "../policy/pause.js";

/** What limits an operation as a whole, however many calls it makes. */
export interface OperationOptions {
  /** Ends it. What is under way then may have been done or not, as the error of that call says. */
  readonly signal?: AbortSignal | undefined;
  /** The deadline in milliseconds over all of its calls. Default: that of the client, for each call. */
  readonly timeoutMs?: number | undefined;
}

/** The limits of an operation that has begun. */
export interface Operation {
  /** For the next call: what is left. */
  call(): CallOptions;
  /** Milliseconds until its deadline. */
  remainingMs(): number;
  pause(ms: number): Promise<void>;
}

export function begin({ signal, timeoutMs }: OperationOptions = {}): Operation {
  const end = timeoutMs === undefined ? Infinity : performance.now() + timeoutMs;
  const remainingMs = (): number => end - performance.now();
  return {
    call: () => ({
      ...(signal && { signal }),
      // None is no limit: what is over must still be one.
      ...(end < Infinity && { timeoutMs: Math.max(1, remainingMs()) }),
    }),
    remainingMs,
    pause: async (ms) => await pause(Math.max(0, Math.min(ms, remainingMs())), signal),
  };
}
