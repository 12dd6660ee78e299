import { Code } from "@connectrpc/connect";
import { AttemptError } from "../../call/attempt-error.js";
import { provesUnsent } from "../../call/proves-unsent.js";
import { findDeepestErrorCode } from "../../utils/error-codes.js";
import { isError } from "../../utils/is-error.js";

/** The request whose sending, or the reading of whose response, has failed. */
interface FailedRequest {
  /** The names of its headers. A browser does not report which of them the server's CORS rule forbids, so a hint compares them. */
  readonly headerNames: readonly string[];
  /** False if the request was never handed to the network. `fetch` does not report that moment, so its requests count as sent. */
  readonly sent: boolean;
}

/** The names of errors that do not come from the network: a ConnectError has its code already, and the other two are ends by the caller. */
const otherErrorNames: readonly string[] = ["ConnectError", "AbortError", "TimeoutError"];

/**
 * Converts the error of a broken or impossible connection into one with the code `unavailable`. Returns ConnectErrors, aborts and
 * timeouts unchanged.
 *
 * Everything else counts as an error of the network, because callers only send and read within their `try`. The error itself does not
 * show it: `fetch` rejects with a TypeError, whose text differs by runtime. That error stays available as the `cause`.
 */
export function toNetworkError(error: unknown, { headerNames, sent }: FailedRequest): unknown {
  if (isError(error) && otherErrorNames.includes(error.name)) {
    return error;
  }
  // An error code such as ECONNREFUSED also proves that nothing was sent.
  const isUnsent = !sent || provesUnsent(error);
  const errorCode = findDeepestErrorCode(error);
  const suffix = errorCode === undefined ? "" : ` (${errorCode})`;
  return new AttemptError(
    `the server cannot be reached, or the connection broke${suffix}`,
    Code.Unavailable,
    { connectionBroke: true, headers: headerNames, notDone: isUnsent ? "unsent" : undefined },
    { cause: error },
  );
}
