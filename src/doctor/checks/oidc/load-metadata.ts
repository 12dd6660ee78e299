import { checkHttpUrl } from "../../../providers/model/checks/url.js";
import type { CheckContext, NewFinding } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { describeUpdate } from "../../describe-update.js";
import { quoteAnswer } from "../../quote-answer.js";
import { toUnreachableFinding } from "../../to-unreachable-finding.js";
import type { UpstreamResponse } from "../../upstream/upstream.js";
import type { ProviderIssuer } from "./find-issuer.js";
import { parseProviderMetadata, type ProviderMetadata } from "./provider-metadata.js";

const wellKnownPath = "/.well-known/openid-configuration";
const unreachable = "oidc/discovery-unreachable";

/**
 * Loads the discovery document of an issuer from the URL that ZITADEL uses. If that fails, reports the reason and returns undefined.
 */
export async function loadMetadata(
  provider: CheckedProvider,
  providerIssuer: ProviderIssuer,
  { upstream, report }: CheckContext,
): Promise<ProviderMetadata | undefined> {
  const { issuer, field } = providerIssuer;
  const problem = checkHttpUrl(issuer);
  if (problem !== undefined) {
    report({
      severity: "broken",
      check: "oidc/issuer-invalid",
      field,
      message: `the issuer ${quoteAnswer(issuer)} ${problem}, so nobody can sign in`,
      fix: "set issuer to the value of issuer in the provider's own discovery document",
      change: { field: "issuer" },
    });
    return undefined;
  }
  const url = toDiscoveryUrl(issuer);
  let response: UpstreamResponse;
  try {
    response = await upstream.get(url);
  } catch (error) {
    const isPublic = field === undefined;
    const purpose = `the discovery document ${url}`;
    report(toUnreachableFinding(error, { check: unreachable, field, isPublic, purpose }));
    return undefined;
  }
  const found = readResponse(provider, providerIssuer, url, response);
  if ("problem" in found) {
    report(found.problem);
    return undefined;
  }
  if (response.url.href !== new URL(url).href) {
    report({
      severity: "note",
      check: "oidc/discovery-redirected",
      field,
      message: `the discovery document ${url} is redirected to ${response.url.href}; ZITADEL follows, with one more request at each sign-in`,
      fix: "nothing to do",
    });
  }
  return found.metadata;
}

/** Returns the metadata in the response for a discovery document, or the finding about the response. */
function readResponse(
  provider: CheckedProvider,
  { issuer, field }: ProviderIssuer,
  url: string,
  { status, text }: UpstreamResponse,
): { readonly metadata: ProviderMetadata } | { readonly problem: NewFinding } {
  if (status !== 200) {
    return {
      problem: {
        // A firewall or a rate limit may treat ZITADEL differently.
        severity: status === 403 || status === 429 ? "unchecked" : "broken",
        check: unreachable,
        field,
        message: `the discovery document ${url} is answered with HTTP status ${status}; ZITADEL needs 200, because it reads the endpoints from it at each sign-in`,
        ...describeStatusFix(provider, { issuer, field }, status),
      },
    };
  }
  const metadata = parseProviderMetadata(text);
  return "problem" in metadata
    ? {
        problem: {
          severity: "broken",
          check: "oidc/discovery-invalid",
          field,
          message: `the discovery document ${url} ${metadata.problem}, so ZITADEL cannot read it`,
          fix: "correct the issuer, so that this URL serves the provider's discovery document in JSON",
          change: field && { field },
        },
      }
    : { metadata };
}

/** Returns the URL that ZITADEL requests: it removes one slash at the end of the issuer. */
export function toDiscoveryUrl(issuer: string): string {
  return (issuer.endsWith("/") ? issuer.slice(0, -1) : issuer) + wellKnownPath;
}

function describeStatusFix(
  provider: CheckedProvider,
  { issuer, field }: ProviderIssuer,
  status: number,
): Pick<NewFinding, "fix" | "change"> {
  const end = issuer.indexOf("/.well-known/");
  if (end > 0) {
    return {
      fix: `leave out the path of the discovery document, which ZITADEL adds itself: ${describeUpdate(provider, "issuer", issuer.slice(0, end))}`,
    };
  }
  if (status >= 500) {
    return { fix: "check the server of the provider and its logs, then run the check again" };
  }
  return status === 403 || status === 429
    ? { fix: "open the URL in a browser, and run the check again from the network of ZITADEL" }
    : {
        fix: "correct the issuer: it is the value of issuer in the provider's own discovery document, with the path of the realm or the tenant",
        change: field && { field },
      };
}
