import { parseUrl } from "../../../utils/parse-url.js";
import type { CheckContext, NewFinding } from "../../check-context.js";
import { toUnreachableFinding } from "../../to-unreachable-finding.js";
import { askTokenEndpoint } from "../endpoints/ask-token-endpoint.js";
import { askUserEndpoint } from "../endpoints/ask-user-endpoint.js";
import type { EndpointFault } from "../endpoints/endpoint-fault.js";
import { probeEndpoint } from "../probe-endpoint.js";
import { needsUserinfo } from "./check-endpoints.js";
import type { DiscoveredProvider } from "./discovered-provider.js";

const unreachable = "oidc/endpoint-unreachable";

/** Checks that the token endpoint answers a request without a secret with an OAuth error. */
export async function checkTokenAnswer(
  url: URL,
  { provider, context }: DiscoveredProvider,
): Promise<void> {
  const clientId = String(provider.fields["clientId"]);
  await reportFault(context, "token_endpoint", url, "so ZITADEL gets no tokens", async () =>
    askTokenEndpoint(url.href, clientId, context),
  );
}

/** Checks that the userinfo endpoint refuses a request without a token, if ZITADEL uses the endpoint. */
export async function checkUserinfoAnswer(
  url: URL,
  { provider, context }: DiscoveredProvider,
): Promise<void> {
  if (needsUserinfo(provider)) {
    const effect = "so ZITADEL cannot read profiles";
    await reportFault(context, "userinfo_endpoint", url, effect, async () => {
      const { fault } = await askUserEndpoint(url.href, context);
      return fault;
    });
  }
}

/** Checks that the server of the authorization endpoint answers. `checkCallback` checks the answer itself. */
export async function checkAuthorizationAnswer(
  url: URL,
  { issuer, context }: DiscoveredProvider,
): Promise<void> {
  if (url.origin === parseUrl(issuer)?.origin) {
    return;
  }
  const purpose = "the authorization_endpoint";
  await probeEndpoint({ url, check: unreachable, purpose }, context);
}

async function reportFault(
  { report }: CheckContext,
  name: string,
  url: URL,
  effect: string,
  ask: () => Promise<EndpointFault | undefined>,
): Promise<void> {
  const purpose = `the ${name} ${url.href}`;
  try {
    const fault = await ask();
    if (fault !== undefined) {
      report(toFinding(purpose, effect, fault));
    }
  } catch (error) {
    report(toUnreachableFinding(error, { check: unreachable, purpose, verb: "reached" }));
  }
}

function toFinding(purpose: string, effect: string, { severity, fact }: EndpointFault): NewFinding {
  const check = "oidc/endpoint-failing";
  return severity === "broken"
    ? {
        severity,
        check,
        message: `${purpose} of the discovery document ${fact}, ${effect} and nobody can sign in`,
        fix: "correct the endpoint in the configuration of the provider's server, or start the service at that address",
      }
    : {
        severity,
        check,
        message: `${purpose} of the discovery document is not checked: it ${fact}`,
        fix: "compare the endpoint with the documentation of the provider, then test a sign-in",
      };
}
