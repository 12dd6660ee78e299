import { connectError, isConnectError } from "../call/connect-error.js";
import { withEvidence } from "../call/evidence.js";

/**
 * Runs the preparation of a request, and marks its errors as `unsent`. Errors other than ConnectErrors become `invalid_argument`.
 */
export function beforeSending<T>(prepare: () => T): T {
  try {
    return prepare();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw withEvidence(
      isConnectError(cause) ? cause : connectError("invalid_argument", message, cause),
      { notDone: "unsent" },
    );
  }
}
