import type { NewFinding } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { toUnreachableFinding } from "../../to-unreachable-finding.js";
import { type EndpointField, endpointNames } from "./endpoint-fields.js";

/** Returns the finding about an endpoint that did not answer. The endpoints of GitHub are fixed, so this machine is at fault. */
export function toUnreachableEndpoint(
  error: unknown,
  { type }: CheckedProvider,
  { check, field }: { readonly check: string; readonly field: EndpointField },
): NewFinding {
  const purpose = endpointNames[field];
  const finding = toUnreachableFinding(error, { check, field, purpose });
  return type === "github"
    ? {
        ...finding,
        severity: "unchecked",
        field: undefined,
        fix: "run the check from a machine that reaches GitHub",
      }
    : finding;
}
