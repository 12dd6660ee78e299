import type { CallOptions } from "@connectrpc/connect";
import { isNumber, longestTimerMs } from "../check-number.js";

// Only what every call needs. The texts about what is wrong are in call-problem.ts, which is loaded with the first failure.

/** The names of the options of a call. */
export const callOptionNames: readonly (keyof CallOptions)[] = [
  "signal",
  "timeoutMs",
  "headers",
  "contextValues",
  "onHeader",
  "onTrailer",
];

/** Returns true for options of a call, as far as a transport does not check them: their names, and their callbacks. */
export function areCallOptions(options: object): boolean {
  return (
    // A signal in the place of `{ signal }` would be no limit at all.
    String(options) === "[object Object]" &&
    Object.entries(options).every(
      ([name, value]) =>
        (callOptionNames as readonly string[]).includes(name) &&
        (!name.startsWith("on") || value === undefined || typeof value === "function"),
    )
  );
}

/**
 * Returns true if a transport can keep these limits. A timeout of 0 is a deadline to do without; a negative one is mostly a time
 * that has run out; NaN compares as no deadline at all. Signals of another realm are none by `instanceof`.
 */
export function areLimits(signal: unknown, timeoutMs: unknown): boolean {
  return (
    (timeoutMs === undefined || isNumber(timeoutMs, 0, longestTimerMs)) &&
    (signal === undefined ||
      (typeof signal === "object" && signal !== null && "aborted" in signal && "onabort" in signal))
  );
}
