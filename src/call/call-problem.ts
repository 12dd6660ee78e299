import type { ConnectError } from "@connectrpc/connect";
import { unknownName } from "../utils/check-names.js";
import { longestTimerMs } from "../utils/check-number.js";
import { connectError } from "./connect-error.js";
import { areLimits, callOptionNames } from "./call-options.js";
import { withEvidence } from "./evidence.js";

/** Creates the error of a call with an invalid timeout or signal. */
export function invalidLimits(timeoutMs: unknown): ConnectError {
  return invalidCall(
    areLimits(undefined, timeoutMs)
      ? "option signal: must be an AbortSignal, e.g. that of an AbortController"
      : `option timeoutMs: must be a number of milliseconds above 0 and at most ${longestTimerMs}, or 0 for no deadline`,
  );
}

/** Creates the error of a call with an unknown option, or with a callback that is not a function. */
export function invalidCallOptions(options: object): ConnectError {
  if (Object.prototype.toString.call(options) !== "[object Object]") {
    return invalidCall("the options of a call must be an object, e.g. { timeoutMs: 5000 }");
  }
  const unknown = unknownName(options, callOptionNames);
  const [wrong = ""] =
    Object.entries(options).find(
      ([name, value]) => name.startsWith("on") && typeof value !== "function",
    ) ?? [];
  return invalidCall(
    unknown === undefined ? `option ${wrong}: must be a function` : `option ${unknown}`,
  );
}

function invalidCall(problem: string): ConnectError {
  return withEvidence(connectError("invalid_argument", problem), { notDone: "unsent" });
}
