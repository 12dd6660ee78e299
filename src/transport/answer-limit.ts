import type { ConnectError } from "@connectrpc/connect";
import { connectError } from "../connect-error.js";
import { withEvidence } from "./evidence.js";

/** Returns the error of an answer that was not read to its end because it is longer than `maxBytes`. */
export function answerTooLarge(maxBytes: number): ConnectError {
  return withEvidence(
    connectError(
      "resource_exhausted",
      `the answer is longer than the limit of ${maxBytes} bytes (limits.maxResponseBytes of the client, readMaxBytes of a transport)`,
    ),
    { useless: true },
  );
}

/** Returns true if the answer itself says that it is longer than `maxBytes`. What it says may be wrong, or missing. */
export function saysTooLarge(contentLength: string | undefined, maxBytes: number): boolean {
  return Number(contentLength ?? 0) > maxBytes;
}
