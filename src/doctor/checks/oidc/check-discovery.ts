import { parseUrl } from "../../../utils/parse-url.js";
import type { CheckContext } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { toUnreachableFinding } from "../../to-unreachable-finding.js";
import { checkSigningKeys } from "../jwks/check-signing-keys.js";
import { probeEndpoint } from "../probe-endpoint.js";
import { checkCapabilities } from "./check-capabilities.js";
import { checkDiscoveredIssuer } from "./check-discovered-issuer.js";
import { checkEndpoints } from "./check-endpoints.js";
import {
  checkAuthorizationAnswer,
  checkTokenAnswer,
  checkUserinfoAnswer,
} from "./check-endpoint-answers.js";
import type { DiscoveredProvider } from "./discovered-provider.js";
import { checkScopes } from "./check-scopes.js";
import { findIssuer } from "./find-issuer.js";
import { hasOtherIssuer } from "./provider-metadata.js";
import { loadMetadata } from "./load-metadata.js";

/**
 * Checks what ZITADEL uses of an OpenID Connect provider at each sign-in: the discovery document, its issuer, the endpoints, features and
 * scopes that it lists, and the keys that sign ID tokens.
 */
export async function checkDiscovery(
  provider: CheckedProvider,
  context: CheckContext,
): Promise<void> {
  const providerIssuer = findIssuer(provider);
  const metadata = await loadMetadata(provider, providerIssuer, context);
  if (metadata === undefined) {
    return;
  }
  const discovered = { ...providerIssuer, provider, metadata, context };
  checkDiscoveredIssuer(discovered);
  checkCapabilities(discovered);
  checkScopes(discovered);
  const { jwks_uri: keys, ...others } = checkEndpoints(discovered);
  const issuerUrl = parseUrl(providerIssuer.issuer);
  const runIfSafe = async (url: URL, run: () => Promise<unknown>): Promise<void> => {
    if (await isSafeToRequest(url, issuerUrl, context)) {
      await run();
    }
  };
  await Promise.all([
    keys &&
      runIfSafe(keys, () =>
        checkSigningKeys(
          { topic: "oidc", url: keys.href, isPublic: isPublic(discovered) },
          context,
        ),
      ),
    ...listAnswerChecks(discovered, others).map(([url, check]) =>
      runIfSafe(url, () => check(url, discovered)),
    ),
  ]);
}

/** A check of the answer of an endpoint. */
type AnswerCheck = (url: URL, discovered: DiscoveredProvider) => Promise<void>;

const answerChecks: Readonly<Record<string, AnswerCheck>> = {
  authorization_endpoint: checkAuthorizationAnswer,
  token_endpoint: checkTokenAnswer,
  userinfo_endpoint: checkUserinfoAnswer,
};

/** Returns the checks of the answers of endpoints. Public endpoints certainly work, so only the network to their hosts is checked. */
function listAnswerChecks(
  discovered: DiscoveredProvider,
  endpoints: Readonly<Partial<Record<string, URL>>>,
): readonly (readonly [URL, AnswerCheck])[] {
  const source = parseUrl(discovered.issuer);
  if (source !== undefined && hasOtherIssuer(discovered.metadata, source)) {
    return [];
  }
  const named = Object.entries(endpoints).flatMap(([name, url]) => {
    const check = answerChecks[name];
    return url === undefined || check === undefined ? [] : [[url, check] as const];
  });
  return isPublic(discovered) ? listOneCheckPerOrigin(named, discovered) : named;
}

/** Returns a check for the first endpoint of each server that no other check reaches. */
function listOneCheckPerOrigin(
  endpoints: readonly (readonly [URL, AnswerCheck])[],
  { issuer, metadata: { jwks_uri: keys = "" } }: DiscoveredProvider,
): readonly (readonly [URL, AnswerCheck])[] {
  const origins = new Set([issuer, keys].map((each) => parseUrl(each)?.origin));
  return endpoints.flatMap(([url]) => {
    const isNew = !origins.has(url.origin);
    origins.add(url.origin);
    return isNew ? [[url, probePublicEndpoint] as const] : [];
  });
}

async function probePublicEndpoint(url: URL, { context }: DiscoveredProvider): Promise<void> {
  const check = "oidc/endpoint-unreachable";
  await probeEndpoint({ url, check, isPublic: true, purpose: "the endpoint" }, context);
}

function isPublic({ field }: Pick<DiscoveredProvider, "field">): boolean {
  return field === undefined;
}

/** Returns false for a private address in the document of a public server, and reports it. */
async function isSafeToRequest(
  url: URL,
  issuer: URL | undefined,
  { upstream, report }: CheckContext,
): Promise<boolean> {
  try {
    await upstream.checkNamedUrl(url, issuer ?? url);
    return true;
  } catch (error) {
    report(
      toUnreachableFinding(error, {
        check: "oidc/private-address",
        purpose: `${url.origin}, which the discovery document names,`,
        verb: "reached",
      }),
    );
    return false;
  }
}
