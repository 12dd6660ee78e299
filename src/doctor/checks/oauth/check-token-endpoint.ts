import { checkEndpoint } from "../../../providers/model/checks/url.js";
import type { CheckContext, NewFinding } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { askTokenEndpoint } from "../endpoints/ask-token-endpoint.js";
import type { EndpointFault } from "../endpoints/endpoint-fault.js";
import { describeEndpointFix } from "./describe-endpoint-fix.js";
import { getOAuthEndpoints } from "./endpoint-fields.js";
import { toUnreachableEndpoint } from "./unreachable-endpoint.js";

const check = "oauth/token-endpoint";
const field = "tokenEndpoint";

/** Checks that the token endpoint answers a request without a secret, and with a code that cannot exist, with an OAuth error. */
export async function checkTokenEndpoint(
  provider: CheckedProvider,
  { upstream, report }: CheckContext,
): Promise<void> {
  const { tokenEndpoint } = getOAuthEndpoints(provider);
  if (checkEndpoint(tokenEndpoint) !== undefined) {
    // `checkEndpointUrls` reports this problem.
    return;
  }
  try {
    const fault = await askTokenEndpoint(tokenEndpoint, String(provider.fields["clientId"]), {
      upstream,
    });
    const finding = fault && toFinding(provider, tokenEndpoint, fault);
    if (finding !== undefined) {
      report(finding);
    }
  } catch (error) {
    report(toUnreachableEndpoint(error, provider, { check, field }));
  }
}

function toFinding(
  provider: CheckedProvider,
  tokenEndpoint: string,
  { severity, fact, status }: EndpointFault,
): NewFinding | undefined {
  const { host, pathname } = new URL(tokenEndpoint);
  const place = `the token endpoint at ${host}${pathname}`;
  if (severity === "unchecked" || provider.type === "github") {
    // GitHub answers 404 to an unknown client.
    return provider.type === "github" && status === 404
      ? undefined
      : {
          severity: "unchecked",
          check,
          field: provider.type === "github" ? undefined : field,
          message: `${place} is not checked: it ${fact}`,
          fix: "compare the URL with the documentation of the provider, then test a sign-in",
        };
  }
  const explained =
    provider.type === "githubEs" && status === 404
      ? "answers with HTTP 404, as GitHub does if the path is wrong or the client id is unknown"
      : fact;
  return {
    severity,
    check,
    field,
    message: `${place} ${explained}, so ZITADEL gets no tokens and nobody can sign in`,
    fix: describeEndpointFix(provider, field, status),
  };
}
