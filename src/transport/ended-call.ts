import { Code, ConnectError } from "@connectrpc/connect";
import { evidenceOf, withEvidence } from "../call/evidence.js";

/**
 * Converts the failure of a call into a ConnectError. If the signal has aborted, its reason takes precedence over the error of
 * the request.
 */
export function endedCall(error: unknown, signal: AbortSignal | undefined): ConnectError {
  return signal?.aborted
    ? toConnectError(signal.reason, Code.Canceled)
    : toConnectError(error, Code.Unknown);
}

/**
 * Converts an error like `ConnectError.from`, and replaces an object that only has the shape of a ConnectError with an instance
 * of the class.
 */
function toConnectError(reason: unknown, code: Code): ConnectError {
  const error = ConnectError.from(reason, code);
  if ("findDetails" in error) {
    return error;
  }
  const { rawMessage, metadata, cause, stack } = error as ConnectError;
  const own = new ConnectError(rawMessage, (error as ConnectError).code, metadata, [], cause);
  if (stack !== undefined) {
    own.stack = stack;
  }
  return withEvidence(own, evidenceOf(error));
}
