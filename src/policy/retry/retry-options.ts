import { checkFunction } from "../../utils/check-function.js";
import { checkNumbers, type NumberRule } from "../../utils/check-number.js";

/**
 * Options for retrying failed calls.
 *
 * @example
 * const retry: RetryOptions = { maxAttempts: 3, maxPauseMs: 2000 };
 */
export interface RetryOptions {
  /**
   * The maximum number of attempts of one call, including the first, and including the attempt with another token after ZITADEL rejected
   * one. A call whose first attempt is rejected because of its token may have a second attempt even with 1. Default: 5.
   */
  maxAttempts?: number | undefined;
  /** The upper bound of the first pause, in milliseconds. It doubles with each attempt. Default: 200. */
  initialPauseMs?: number | undefined;
  /** The upper bound of all pauses, in milliseconds. Default: 5000. */
  maxPauseMs?: number | undefined;
  /** The longest `Retry-After` to wait for, in milliseconds. A call that gets a longer one fails. Default: 30,000. */
  maxRetryAfterMs?: number | undefined;
  /** A replacement for `Math.random`, from which the pauses are drawn. */
  random?: (() => number) | undefined;
}

/** The default of `maxAttempts`. */
export const defaultMaxAttempts = 5;

/** The rules for the numeric retry options. */
export const retryNumberRules: Readonly<Record<Exclude<keyof RetryOptions, "random">, NumberRule>> =
  {
    maxAttempts: { least: 1, counts: "requests" },
    initialPauseMs: { least: 0 },
    maxPauseMs: { least: 0 },
    maxRetryAfterMs: { least: 0 },
  };

/** Throws a TypeError that names the invalid option. NaN as `maxAttempts` would mean endless retries. */
export function checkRetryOptions(options: RetryOptions, path = ""): void {
  checkNumbers(options, retryNumberRules, path);
  checkFunction(`${path}random`, options.random);
}
