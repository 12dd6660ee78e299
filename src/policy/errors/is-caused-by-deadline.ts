import { Code, type ConnectError } from "@connectrpc/connect";
import { findErrorId } from "../../hints/error-id.js";

/**
 * The lead that the server's deadline may have over the local one, in milliseconds. The server counts from the arrival of the
 * request, in whole milliseconds.
 */
const slackMs = 10;

/**
 * Returns true if the deadline most likely caused an error that arrived shortly before or after it. ZITADEL rarely answers `deadline_exceeded` then, but mostly `internal`, and
 * sometimes `unknown` or `permission_denied`.
 */
export function isCausedByDeadline(error: ConnectError, remainingMs: number): boolean {
  return (
    remainingMs <= 0 ||
    (remainingMs <= slackMs &&
      (error.code === Code.DeadlineExceeded ||
        error.code === Code.Internal ||
        error.code === Code.Unknown ||
        findErrorId(error) === "AUTH-Bs7Ds"))
  );
}
