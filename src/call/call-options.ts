import type { CallOptions } from "@connectrpc/connect";
import { isNumber, longestTimerMs } from "../utils/check-number.js";

// Only the checks that every call needs. The error texts are in call-problem.ts, which is loaded with the first failure.

/** The names of the options of a call. */
export const callOptionNames: readonly (keyof CallOptions)[] = [
  "signal",
  "timeoutMs",
  "headers",
  "contextValues",
  "onHeader",
  "onTrailer",
];

/** Returns true if the names and the callbacks of call options are valid. A transport does not check them. */
export function areCallOptions(options: object): boolean {
  return (
    // A signal passed instead of `{ signal }` would not limit the call.
    String(options) === "[object Object]" &&
    Object.entries(options).every(
      ([name, value]) =>
        (callOptionNames as readonly string[]).includes(name) &&
        (!name.startsWith("on") || value === undefined || typeof value === "function"),
    )
  );
}

/**
 * Returns true if the signal and the timeout of a call are valid. A timeout of 0 means no deadline. A negative one is rejected,
 * because it is mostly the rest of a time that has run out; NaN is rejected, because it compares as no deadline. The signal is
 * checked by its properties, because `instanceof` fails for signals of another realm.
 */
export function areLimits(signal: unknown, timeoutMs: unknown): boolean {
  return (
    (timeoutMs === undefined || isNumber(timeoutMs, 0, longestTimerMs)) &&
    (signal === undefined ||
      (typeof signal === "object" && signal !== null && "aborted" in signal && "onabort" in signal))
  );
}
