import type { CallOptions } from "@connectrpc/connect";
import { findUnknownName } from "../utils/find-unknown-name.js";
import { isNumber, longestTimerMs } from "../utils/check-number.js";

/** The names of the options of a call. */
const callOptionNames: readonly (keyof CallOptions)[] = [
  "signal",
  "timeoutMs",
  "headers",
  "contextValues",
  "onHeader",
  "onTrailer",
];

/**
 * Returns the problem of the options of a call, or undefined if they are valid. `findDeadlineProblem` checks the values of `signal` and
 * `timeoutMs`.
 */
export function findCallOptionsProblem(options: object): string | undefined {
  // A signal passed instead of `{ signal }` would not limit the call.
  if (Object.prototype.toString.call(options) !== "[object Object]") {
    return "the options of a call must be an object such as { timeoutMs: 5000 }";
  }
  const unknown = findUnknownName(options, callOptionNames);
  if (unknown !== undefined) {
    return `option ${unknown}`;
  }
  const [name] =
    Object.entries(options).find(
      ([each, value]) =>
        each.startsWith("on") && value !== undefined && typeof value !== "function",
    ) ?? [];
  return name === undefined ? undefined : `option ${name}: must be a function`;
}

/**
 * Returns the problem of the signal or the timeout of a call, or undefined if both are valid. A timeout of 0 means no deadline. A
 * negative timeout is invalid, because callers who compute the remaining time get one when that time has passed. NaN is invalid, because
 * it would mean no deadline. The signal is checked by its properties, because `instanceof` fails for signals of another realm.
 */
export function findDeadlineProblem(signal: unknown, timeoutMs: unknown): string | undefined {
  if (timeoutMs !== undefined && !isNumber(timeoutMs, 0, longestTimerMs)) {
    return `option timeoutMs: must be a number of milliseconds above 0 and at most ${longestTimerMs}, or 0 for no deadline`;
  }
  const isSignal =
    signal === undefined ||
    (typeof signal === "object" && signal !== null && "aborted" in signal && "onabort" in signal);
  return isSignal ? undefined : "option signal: must be an AbortSignal";
}
