import { ProviderError, type ProviderErrorReason } from "../providers/provider-error.js";
import { ConnectError } from "@connectrpc/connect";
import { statusFromCode } from "../rest/http-status.js";

/**
 * Returns the HTTP status with which a service can report an error or a code of this client. Codes have the statuses of grpc-gateway,
 * which ZITADEL itself uses: 404 for `not_found`, 403 for `permission_denied`. A `ProviderError` has 400 for invalid settings, 409 for a
 * conflict with the state of the provider or the login policy, and 502 or 504 for a failure behind the service. Returns 500 for any
 * other error.
 *
 * @example
 * app.onError((error, context) => context.json({ message: error.message }, httpStatusOf(error)));
 */
export function httpStatusOf(errorOrCode: unknown): number {
  if (errorOrCode instanceof ProviderError) {
    return statuses[errorOrCode.reason];
  }
  const code = errorOrCode instanceof ConnectError ? errorOrCode.code : errorOrCode;
  return typeof code === "number" ? (statusFromCode(code) ?? 500) : 500;
}

const statuses: Readonly<Record<ProviderErrorReason, number>> = {
  invalid: 400,
  unknown_content: 409,
  not_expressible: 400,
  read_only: 409,
  ambiguous: 409,
  changed: 409,
  not_applied: 502,
  policy_inherited: 409,
  linked_users: 409,
  unreadable: 502,
  stale_plan: 409,
  duplicate: 409,
  timeout: 504,
  partly_done: 502,
};
