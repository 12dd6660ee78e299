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

/** Returns true for a deadline. 0 is one to do without; a negative one is mostly a time that has run out. */
export function isTimeoutMs(value: unknown): boolean {
  // NaN compares as no deadline at all.
  return value === undefined || isNumber(value, 0, longestTimerMs);
}

/** Returns true for what looks like an AbortSignal: those of another realm are none by `instanceof`. */
export function isSignal(value: unknown): boolean {
  return (
    value === undefined ||
    (typeof value === "object" && value !== null && "aborted" in value && "onabort" in value)
  );
}
