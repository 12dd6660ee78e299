import { checkEndpoint } from "../../../providers/model/checks/url.js";
import type { CheckContext, NewFinding } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { askUserEndpoint, type UserEndpointAnswer } from "../endpoints/ask-user-endpoint.js";
import { describeEndpointFix } from "./describe-endpoint-fix.js";
import { getOAuthEndpoints } from "./endpoint-fields.js";
import { toUnreachableEndpoint } from "./unreachable-endpoint.js";

const check = "oauth/user-endpoint";
const field = "userEndpoint";

/** Checks that the user endpoint refuses a request without a token. */
export async function checkUserEndpoint(
  provider: CheckedProvider,
  { upstream, report }: CheckContext,
): Promise<void> {
  const { userEndpoint } = getOAuthEndpoints(provider);
  if (checkEndpoint(userEndpoint) !== undefined) {
    // `checkEndpointUrls` reports this problem.
    return;
  }
  try {
    const finding = toFinding(
      provider,
      userEndpoint,
      await askUserEndpoint(userEndpoint, { upstream }),
    );
    if (finding !== undefined) {
      report(finding);
    }
  } catch (error) {
    report(toUnreachableEndpoint(error, provider, { check, field }));
  }
}

function toFinding(
  provider: CheckedProvider,
  userEndpoint: string,
  { fault, isOpen }: UserEndpointAnswer,
): NewFinding | undefined {
  const { host, pathname } = new URL(userEndpoint);
  const place = `the user endpoint at ${host}${pathname}`;
  if (isOpen) {
    return {
      severity: "risk",
      check: "oauth/user-endpoint-open",
      field,
      message: `${place} returns a profile without a token. If the profile is the same for everyone, all users share one account`,
      fix: describeEndpointFix(provider, field),
    };
  }
  if (fault === undefined) {
    return undefined;
  }
  return fault.severity === "unchecked" || provider.type === "github"
    ? {
        severity: "unchecked",
        check,
        field: provider.type === "github" ? undefined : field,
        message: `${place} is not checked: it ${fault.fact}`,
        fix: "compare the URL with the documentation of the provider, then test a sign-in",
      }
    : {
        severity: "broken",
        check,
        field,
        message: `${place} ${fault.fact}, so ZITADEL cannot read profiles and nobody can sign in`,
        fix: describeEndpointFix(provider, field, fault.status),
      };
}
