import { Code, ConnectError } from "@connectrpc/connect";
import { isMissingRole } from "../whoami/report-part.js";

/** Returns true for the error of a call that the caller may not make. Its code is `not_found` for a caller without any role. */
export function isForbidden(error: unknown): error is ConnectError {
  return (
    isMissingRole(error) || (error instanceof ConnectError && error.code === Code.PermissionDenied)
  );
}
