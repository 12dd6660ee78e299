import { Code } from "@connectrpc/connect";
import { AttemptError } from "../../call/attempt-error.js";

/**
 * Creates the error of a request whose connection was not ready within `connectTimeoutMs`. Its cause has the code that Node.js gives to
 * such an error elsewhere.
 */
export function createConnectTimeoutError(text: string): AttemptError {
  const cause = Object.assign(new Error(text), { code: "ETIMEDOUT", syscall: "connect" });
  return new AttemptError(
    text,
    Code.Unavailable,
    { notDone: "unsent", connectionBroke: true, isConnectTimeout: true },
    { cause },
  );
}
