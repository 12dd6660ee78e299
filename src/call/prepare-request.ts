import { Code, ConnectError } from "@connectrpc/connect";
import { AttemptError } from "./attempt-error.js";

/**
 * Runs the preparation of a request, and marks its errors as `unsent`. Errors other than ConnectErrors become `invalid_argument`.
 */
export function prepareRequest<T>(prepare: () => T): T {
  try {
    return prepare();
  } catch (error) {
    throw AttemptError.with(ConnectError.from(error, Code.InvalidArgument), { notDone: "unsent" });
  }
}
