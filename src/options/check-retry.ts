import {
  checkRetryOptions,
  retryNumberRules,
  type RetryOptions,
} from "../policy/retry/retry-options.js";
import { throwInvalidOption } from "../utils/option-error.js";
import { checkNames } from "./check-names.js";

/** Checks the rules for retries. */
export function checkRetry(retry: RetryOptions | false): RetryOptions | false {
  if (retry === false) {
    return retry;
  }
  if (typeof retry !== "object" || retry === null) {
    throwInvalidOption("retry", "must be false, or an object such as { maxAttempts: 3 }");
  }
  checkNames("retry.", retry, [...Object.keys(retryNumberRules), "random"]);
  checkRetryOptions(retry, "retry.");
  return retry;
}
