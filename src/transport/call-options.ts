import type { ConnectError } from "@connectrpc/connect";
import { longestTimerMs } from "../check-number.js";
import { connectError } from "../connect-error.js";
import { withEvidence } from "./evidence.js";

/**
 * Returns the reason why the deadline or the signal of a call is wrong, or undefined. A wrong one must not pass as none:
 * NaN compares as no deadline at all. 0 is a deadline to do without; a negative one is mostly a time that has run out.
 */
export function callProblem(signal: unknown, timeoutMs: unknown): string | undefined {
  if (
    timeoutMs !== undefined &&
    !(typeof timeoutMs === "number" && timeoutMs >= 0 && timeoutMs <= longestTimerMs)
  ) {
    return `option timeoutMs: must be a number of milliseconds above 0 and at most ${longestTimerMs}, or 0 for no deadline`;
  }
  if (signal !== undefined && !isSignal(signal)) {
    return "option signal: must be an AbortSignal, e.g. that of an AbortController";
  }
  return undefined;
}

/** Returns the error of a call that is not sent because one of its options is wrong. */
export function invalidCall(problem: string): ConnectError {
  return withEvidence(connectError("invalid_argument", problem), { notDone: "unsent" });
}

/** Returns true for what looks like an AbortSignal: those of another realm are none by `instanceof`. */
function isSignal(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    "aborted" in value &&
    typeof value.aborted === "boolean" &&
    "addEventListener" in value
  );
}
