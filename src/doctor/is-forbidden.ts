import { Code, ConnectError } from "@connectrpc/connect";
import { isZitadelError } from "../policy/errors/zitadel-error.js";

/**
 * Returns true for the error of a call that the caller may not make. ZITADEL answers a caller without any role with `not_found`
 * (AUTHZ-cdgFk).
 */
export function isForbidden(error: unknown): error is ConnectError {
  return (
    error instanceof ConnectError &&
    (error.code === Code.PermissionDenied || (isZitadelError(error) && error.id === "AUTHZ-cdgFk"))
  );
}
