import { Code } from "@connectrpc/connect";
import { AttemptError } from "../call/attempt-error.js";

/** Creates the error of a response that is longer than `maxBytes` and was not read to its end. */
export function createResponseTooLargeError(maxBytes: number): AttemptError {
  return new AttemptError(
    `the response is longer than the limit of ${maxBytes} bytes (limits.maxResponseBytes, or readMaxBytes of a transport)`,
    Code.ResourceExhausted,
    { isUnusable: true },
  );
}

/**
 * Returns true if the `content-length` of a response is above `maxBytes`. The header may be wrong or missing, so the body must be
 * counted too.
 */
export function exceedsLimit(contentLength: string | undefined, maxBytes: number): boolean {
  return Number(contentLength ?? 0) > maxBytes;
}
