import { checkEndpoint } from "../../../providers/model/checks/url.js";
import { isJsonObject } from "../../../utils/is-json-object.js";
import { tryParseJson } from "../../../utils/try-parse-json.js";
import type { CheckContext, NewFinding } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { describeUpdate } from "../../describe-update.js";
import type { UpstreamResponse } from "../../upstream/upstream.js";
import { listOAuthEndpoints } from "./endpoint-fields.js";
import { toUnreachableEndpoint } from "./unreachable-endpoint.js";

const check = "oauth/user-endpoint";
const field = "userEndpoint";

/** Checks that the user endpoint refuses a request without a token. */
export async function checkUserEndpoint(
  provider: CheckedProvider,
  { upstream, report }: CheckContext,
): Promise<void> {
  const { userEndpoint } = listOAuthEndpoints(provider);
  if (checkEndpoint(userEndpoint) !== undefined) {
    // `checkEndpointUrls` reports it.
    return;
  }
  try {
    const response = await upstream.request(userEndpoint, {
      headers: { accept: "application/json" },
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
  const { url, status, text } = response;
  const place = `the user endpoint at ${url.host}${url.pathname}`;
  const fix = `correct the URL: ${describeUpdate(provider, field, "https://…")}`;
  if ([404, 405, 410, 501].includes(status)) {
    return {
      severity: "broken",
      check,
      field,
      message: `${place} answers with HTTP ${status}, so ZITADEL cannot read profiles and nobody can sign in`,
      fix,
    };
  }
  const json = tryParseJson(text);
  if (status === 401 || status === 403 || (status === 400 && json !== undefined)) {
    return undefined;
  }
  if (status === 200) {
    return isJsonObject(json)
      ? findOpenEndpoint(place, json, fix)
      : {
          severity: "broken",
          check,
          field,
          message: `${place} answers with a page instead of JSON, so ZITADEL cannot read profiles and nobody can sign in`,
          fix,
        };
  }
  return {
    severity: "unchecked",
    check,
    field,
    message: `${place} is not checked: it answers a request without a token with HTTP ${status}, not with 401`,
    fix: "compare the URL with the documentation of the provider, then sign in once",
  };
}

function findOpenEndpoint(place: string, json: object, fix: string): NewFinding | undefined {
  // Some providers, such as Slack, report errors with status 200.
  return "error" in json
    ? undefined
    : {
        severity: "risk",
        check: "oauth/user-endpoint-open",
        field,
        message: `${place} returns a profile without a token. If it is the same for everyone, all users share one account`,
        fix,
      };
}
