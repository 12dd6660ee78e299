import { Code, ConnectError } from "@connectrpc/connect";
import { AttemptError } from "../call/attempt-error.js";
import { isError } from "../utils/is-error.js";
import { createCausedTokenError } from "./caused-token-error.js";
import { formatErrorCode } from "./format-error-code.js";

/**
 * Converts an error of a supplier into the error of a call. A ConnectError keeps its code; any other error becomes `unavailable`,
 * the code that gRPC uses for credentials that are temporarily not available.
 */
export function toSupplierError(reason: unknown): ConnectError {
  if (reason instanceof ConnectError) {
    const error = AttemptError.with(reason, { notDone: "unsent" });
    return Object.assign(error, { outcome: "not_done" as const });
  }
  const detail = isError(reason) ? `: ${reason.message}${formatErrorCode(reason)}` : "";
  return createCausedTokenError(`the token supplier failed${detail}`, Code.Unavailable, reason);
}
