import type { CheckedProvider } from "../../checked-provider.js";
import { describeUpdate } from "../../describe-update.js";
import type { EndpointField } from "./endpoint-fields.js";

/**
 * Describes the fix for an endpoint: a repair if the HTTP status shows that its server fails, otherwise another URL. A server answers
 * with 501 if it has no such endpoint.
 */
export function describeEndpointFix(
  provider: CheckedProvider,
  field: EndpointField,
  status?: number,
): string {
  return status !== undefined && status >= 500 && status !== 501
    ? `check the server of the provider and its logs, then run the check again; if it has moved: ${describeUpdate(provider, field, "https://…")}`
    : `correct the URL: ${describeUpdate(provider, field, "https://…")}`;
}
