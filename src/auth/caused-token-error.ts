import type { Code } from "@connectrpc/connect";
import type { AttemptFacts } from "../call/attempt-facts.js";
import { findDeepestErrorCode } from "../utils/error-codes.js";
import { isError } from "../utils/is-error.js";
import { formatErrorCode } from "./format-error-code.js";
import { createTokenError } from "./token-error.js";

/** Creates the error of a call that got no token, because of another error. Its cause is a copy without secrets. */
export function createCausedTokenError(
  text: string,
  code: Code,
  cause: unknown,
  facts?: AttemptFacts,
): ReturnType<typeof createTokenError> {
  const isTokenRequest = findDeepestErrorCode(cause) !== undefined;
  return createTokenError(text, code, {
    cause: copyErrorTexts(cause),
    facts: { ...facts, ...(isTokenRequest && { isTokenRequest }) },
  });
}

/** Copies the texts of an error. HTTP libraries attach requests to their errors, with the secrets in them. */
function copyErrorTexts(reason: unknown): Error | undefined {
  if (!isError(reason)) {
    return undefined;
  }
  const copy = new Error(`${reason.message}${formatErrorCode(reason)}`);
  copy.name = reason.name;
  if (reason.stack !== undefined) {
    copy.stack = reason.stack;
  }
  const code = findDeepestErrorCode(reason);
  // Hints depend on the code.
  return code === undefined ? copy : Object.assign(copy, { code });
}
