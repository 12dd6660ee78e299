import { Code, ConnectError } from "@connectrpc/connect";
import { AttemptError } from "./attempt-error.js";

/** Runs the preparation of a request, and marks its errors as `unsent`. An error that is not a ConnectError gets `invalid_argument`. */
export function prepareRequest<T>(prepare: () => T): T {
  try {
    return prepare();
  } catch (error) {
    throw AttemptError.with(ConnectError.from(error, Code.InvalidArgument), { notDone: "unsent" });
  }
}
