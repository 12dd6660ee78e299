import { ConnectError } from "@connectrpc/connect";
import { statusFromCode } from "../rest/http-status.js";

/**
 * Returns the HTTP status that a service can answer with after an error or a code of this client, by the table of grpc-gateway, which
 * ZITADEL itself uses: 404 for `not_found`, 403 for `permission_denied`. Returns 500 for anything that is not an error of a call.
 *
 * @example
 * app.onError((error, context) => context.json({ message: error.message }, httpStatusOf(error)));
 */
export function httpStatusOf(errorOrCode: unknown): number {
  const code = errorOrCode instanceof ConnectError ? errorOrCode.code : errorOrCode;
  return typeof code === "number" ? (statusFromCode(code) ?? 500) : 500;
}
