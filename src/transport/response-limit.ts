import type { ConnectError } from "@connectrpc/connect";
import { connectError } from "../call/connect-error.js";
import { withEvidence } from "../call/evidence.js";

/** Creates the error of a response that is longer than `maxBytes` and was not read to its end. */
export function answerTooLarge(maxBytes: number): ConnectError {
  return withEvidence(
    connectError(
      "resource_exhausted",
      `the response is longer than the limit of ${maxBytes} bytes (limits.maxResponseBytes of the client, readMaxBytes of a transport)`,
    ),
    { useless: true },
  );
}

/**
 * Returns true if the `content-length` of a response is above `maxBytes`. The header may be wrong or missing, so the body must be
 * counted too.
 */
export function saysTooLarge(contentLength: string | undefined, maxBytes: number): boolean {
  return Number(contentLength ?? 0) > maxBytes;
}
