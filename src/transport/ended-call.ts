import { Code, ConnectError } from "@connectrpc/connect";
import { evidenceOf, withEvidence } from "./evidence.js";

/** The error of a call that ended without a message. What ended it says more than what became of the request then. */
export function endedCall(error: unknown, signal: AbortSignal | undefined): ConnectError {
  return signal?.aborted
    ? toConnectError(signal.reason, Code.Canceled)
    : toConnectError(error, Code.Unknown);
}

/** As Connect has it, and of an error that only has the shape of its class one of the class. */
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
