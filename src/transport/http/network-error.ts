import { Code } from "@connectrpc/connect";
import { AttemptError } from "../../call/attempt-error.js";
import { provesUnsent } from "../../call/proves-unsent.js";
import { findDeepestErrorCode } from "../../utils/error-codes.js";
import { isError } from "../../utils/is-error.js";

/**
 * Converts an error of the network into an error with a code. Aborts, deadlines and ConnectErrors pass unchanged.
 *
 * `headerNames` are those of the request; `sent` is false if the request was never sent. A `fetch` always counts as
 * sent, so the error codes of the causes decide there.
 */
export function toNetworkError(
  error: unknown,
  headerNames: readonly string[],
  sent: boolean,
): unknown {
  if (isError(error) && /^(?:Connect|Abort|Timeout)Error$/.test(error.name)) {
    return error;
  }
  const detail = findDeepestErrorCode(error);
  return new AttemptError(
    `the server cannot be reached, or the connection broke${detail === undefined ? "" : ` (${detail})`}`,
    Code.Unavailable,
    {
      connectionBroke: true,
      headers: headerNames,
      ...((!sent || provesUnsent(error)) && { notDone: "unsent" as const }),
    },
    { cause: error },
  );
}
