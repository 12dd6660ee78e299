import { Code } from "@connectrpc/connect";
import { AttemptError } from "../../call/attempt-error.js";
import { provesUnsent } from "../../call/proves-unsent.js";
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
  const detail = findErrorCode(error);
  return new AttemptError(
    `the server cannot be reached, or the connection broke${detail && ` (${detail})`}`,
    Code.Unavailable,
    {
      connectionBroke: true,
      headers: headerNames,
      ...((!sent || provesUnsent(error)) && { notDone: "unsent" as const }),
    },
    { cause: error },
  );
}

/** Returns the error code of the operating system, of Node.js or of its fetch, e.g. ECONNREFUSED, or "" if there is none. */
function findErrorCode(error: unknown): string {
  for (const each of [isError(error) ? error.cause : undefined, error]) {
    if (isError(each) && "code" in each && typeof each.code === "string") {
      return each.code;
    }
  }
  return "";
}
