import type { CheckedProvider } from "../../checked-provider.js";
import { describeUpdate } from "../../describe-update.js";
import type { EndpointField } from "./endpoint-fields.js";

/** Returns the remedy for an endpoint: its server if that fails, otherwise another URL. */
export function describeEndpointFix(
  provider: CheckedProvider,
  field: EndpointField,
  fact = "",
): string {
  return /HTTP 5(?!01)/.test(fact)
    ? `check the server of the provider and its logs, then run the check again; if it has moved: ${describeUpdate(provider, field, "https://…")}`
    : `correct the URL: ${describeUpdate(provider, field, "https://…")}`;
}
