import { Code, ConnectError } from "@connectrpc/connect";
import { withEvidence } from "./evidence.js";

/** Runs what comes before a request is sent, and notes of its errors that nothing was. They are `invalid_argument`. */
export function beforeSending<T>(prepare: () => T): T {
  try {
    return prepare();
  } catch (error) {
    throw withEvidence(ConnectError.from(error, Code.InvalidArgument), { notDone: "unsent" });
  }
}
