import { Code, ConnectError } from "@connectrpc/connect";
import type { Ending } from "../../call/deadline.js";

/** The codes and texts of calls that the client ended. They are the same for all wire protocols, whatever each of them threw. */
export const endings: Readonly<
  Record<Ending, { code: Code; message: (timeoutMs: number | undefined) => string }>
> = {
  deadline: {
    code: Code.DeadlineExceeded,
    message: (timeoutMs) => `the call did not finish within its timeout of ${timeoutMs} ms`,
  },
  "timeout-signal": {
    code: Code.DeadlineExceeded,
    message: () => "the call did not finish before the caller's AbortSignal.timeout()",
  },
  aborted: { code: Code.Canceled, message: () => "the caller aborted the call" },
  closed: { code: Code.Canceled, message: () => "the client was closed during the call" },
};

/**
 * Returns the cause of the error of a call that the client ended: the server's error at the deadline, or the caller's abort
 * reason.
 */
export function causeOfEnding(
  ending: Ending,
  abortReason: unknown,
  serverError: ConnectError | undefined,
): unknown {
  switch (ending) {
    case "closed":
      return undefined;
    case "deadline":
      return serverError;
    default:
      return abortReason;
  }
}
