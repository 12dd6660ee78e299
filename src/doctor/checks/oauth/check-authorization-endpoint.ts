import { checkEndpoint } from "../../../providers/model/checks/url.js";
import type { CheckContext, NewFinding } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { listRedirectUris } from "../../redirect-uris.js";
import type { UpstreamResponse } from "../../upstream/upstream.js";
import { createAuthorizationUrl } from "../callback/authorization-request.js";
import { findStatusFault } from "../endpoints/endpoint-fault.js";
import { describeEndpointFix } from "./describe-endpoint-fix.js";
import { getOAuthEndpoints } from "./endpoint-fields.js";
import { toUnreachableEndpoint } from "./unreachable-endpoint.js";

const check = "oauth/authorization-endpoint";
const field = "authorizationEndpoint";

/** Checks that the authorization endpoint answers an authorization request with a page or a redirect. */
export async function checkAuthorizationEndpoint(
  provider: CheckedProvider,
  context: CheckContext,
): Promise<void> {
  const { authorizationEndpoint } = getOAuthEndpoints(provider);
  if (checkEndpoint(authorizationEndpoint) !== undefined) {
    // `checkEndpointUrls` reports this problem.
    return;
  }
  const [redirectUri] = listRedirectUris(provider, [
    ...context.instance.origins,
    "https://zitadel-idp-doctor.invalid",
  ]);
  try {
    const url = await createAuthorizationUrl(
      provider,
      authorizationEndpoint,
      redirectUri?.uri ?? "",
    );
    const response = await context.upstream.request(url, {
      headers: { accept: "text/html", "accept-language": "en" },
      followRedirects: false,
    });
    const finding = findProblem(provider, response);
    if (finding !== undefined) {
      context.report(finding);
    }
  } catch (error) {
    context.report(toUnreachableEndpoint(error, provider, { check, field }));
  }
}

function findProblem(
  provider: CheckedProvider,
  response: UpstreamResponse,
): NewFinding | undefined {
  const { url, status, headers } = response;
  const createBrokenFinding = (fact: string, failedStatus?: number): NewFinding => ({
    severity: "broken",
    check,
    field,
    message: `the authorization endpoint at ${url.host}${url.pathname} ${fact}, so nobody can sign in`,
    fix: describeEndpointFix(provider, field, failedStatus),
  });
  if (status >= 500 && provider.type === "github") {
    return {
      severity: "unchecked",
      check,
      message: `the authorization endpoint is not checked: ${url.host} answers with HTTP ${status}`,
      fix: "run the check again later",
    };
  }
  // GitHub answers 404 for an unknown client id, which `checkCallback` reports.
  if (status === 404 && provider.type === "github") {
    return undefined;
  }
  const fault = findStatusFault(status);
  if (fault !== undefined) {
    return createBrokenFinding(
      provider.type === "githubEs" && status === 404
        ? "answers with HTTP 404, as GitHub does if the path is wrong or the client id is unknown"
        : fault.fact,
      fault.status,
    );
  }
  if ((headers.get("www-authenticate") ?? "").toLowerCase().startsWith("bearer")) {
    return createBrokenFinding("asks for an access token, as endpoints for programs do");
  }
  const type = headers.get("content-type") ?? "";
  return status === 200 && type.includes("json")
    ? createBrokenFinding("answers with JSON instead of a page")
    : undefined;
}
