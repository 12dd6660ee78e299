import { checkNumbers, type NumberRule } from "../../utils/check-number.js";
import type { RetryOptions } from "./retry.js";

/** The rules for the numeric retry options. */
export const retryNumbers: Readonly<Record<Exclude<keyof RetryOptions, "random">, NumberRule>> = {
  maxAttempts: { least: 1, counts: "requests" },
  initialPauseMs: { least: 0 },
  maxPauseMs: { least: 0 },
  maxRetryAfterMs: { least: 0 },
};

/** Throws a TypeError that names the invalid option. NaN as `maxAttempts` would mean endless retries. */
export function checkRetryOptions(options: RetryOptions, path = ""): void {
  checkNumbers(options, retryNumbers, path);
  if (options.random !== undefined && typeof options.random !== "function") {
    throw new TypeError(`option ${path}random: must be a function`);
  }
}
