import { checkEndpoint } from "../../../providers/model/checks/url.js";
import type { CheckContext, NewFinding } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { describeUpdate } from "../../describe-update.js";
import type { UpstreamResponse } from "../../upstream/upstream.js";
import { readTokenAnswer } from "../secret/read-token-answer.js";
import { listOAuthEndpoints } from "./endpoint-fields.js";
import { toUnreachableEndpoint } from "./unreachable-endpoint.js";

const check = "oauth/token-endpoint";
const field = "tokenEndpoint";

/** Checks that the token endpoint answers a request without a secret and with a code that cannot exist with an error of OAuth. */
export async function checkTokenEndpoint(
  provider: CheckedProvider,
  { upstream, report }: CheckContext,
): Promise<void> {
  const { tokenEndpoint } = listOAuthEndpoints(provider);
  if (checkEndpoint(tokenEndpoint) !== undefined) {
    // `checkEndpointUrls` reports it.
    return;
  }
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code: `zitadel-idp-doctor-${crypto.randomUUID()}`,
    client_id: String(provider.fields["clientId"]),
  });
  try {
    const response = await upstream.request(tokenEndpoint, {
      method: "POST",
      headers: {
        accept: "application/json",
        "content-type": "application/x-www-form-urlencoded",
      },
      body: body.toString(),
      followRedirects: false,
    });
    const finding = findProblem(provider, response);
    if (finding !== undefined) {
      report(finding);
    }
  } catch (error) {
    report(toUnreachableEndpoint(error, provider, { check, field }));
  }
}

function findProblem(
  provider: CheckedProvider,
  response: UpstreamResponse,
): NewFinding | undefined {
  const { url, status, headers, text } = response;
  const place = `the token endpoint at ${url.host}${url.pathname}`;
  const broken = (fact: string): NewFinding => ({
    severity: "broken",
    check,
    field,
    message: `${place} ${fact}, so ZITADEL gets no tokens and nobody can sign in`,
    fix: `correct the URL: ${describeUpdate(provider, field, "https://…")}`,
  });
  const { error, isStructured } = readTokenAnswer(status, headers, text);
  if (error !== undefined) {
    return undefined;
  }
  // GitHub answers so to an unknown client.
  if (status === 404 && provider.type === "github") {
    return undefined;
  }
  if ([404, 405, 410, 501].includes(status)) {
    return broken(
      provider.type === "githubEs" && status === 404
        ? "answers with HTTP 404, as GitHub does if the path is wrong or the client ID is unknown"
        : `answers with HTTP ${status}`,
    );
  }
  if (status >= 300 && status < 400) {
    return broken(`redirects (HTTP ${status}), and token requests must not be redirected`);
  }
  if ((headers.get("www-authenticate") ?? "").toLowerCase().startsWith("bearer")) {
    return broken("asks for an access token, as user endpoints do");
  }
  const type = headers.get("content-type") ?? "";
  // A firewall answers requests of machines with a page, and may let those of ZITADEL pass.
  if (type.includes("html") && status < 500 && status !== 403 && status !== 429) {
    return broken("answers with a page, as authorization endpoints do");
  }
  return isStructured && status >= 400 && status < 500
    ? undefined
    : {
        severity: "unchecked",
        check,
        field,
        message: `${place} is not checked: it answers with HTTP ${status} and no error of OAuth`,
        fix: "compare the URL with the documentation of the provider, then sign in once",
      };
}
