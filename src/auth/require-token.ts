import { Code } from "@connectrpc/connect";
import { createTokenError } from "./token-error.js";
import type { Token } from "./token-supplier.js";
import { findTokenProblem } from "./find-token-problem.js";

/** Checks the return value of a supplier. Throws `failed_precondition` if it is not a token. */
export function requireToken(result: string | Token): Token {
  const token = typeof result === "string" ? { accessToken: result } : result;
  const problem = findTokenProblem(token?.accessToken);
  if (problem !== undefined) {
    throw createTokenError(`the result of the token supplier ${problem}`, Code.FailedPrecondition);
  }
  const { expiresAtMs } = token;
  if (expiresAtMs !== undefined && (typeof expiresAtMs !== "number" || Number.isNaN(expiresAtMs))) {
    throw createTokenError(
      "the expiresAtMs of the token supplier must be milliseconds since 1970",
      Code.FailedPrecondition,
    );
  }
  return token;
}
