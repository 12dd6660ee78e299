import { parseUrl } from "../../../utils/parse-url.js";
import type { CheckContext } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { toUnreachableFinding } from "../../report-unreachable.js";
import { checkSigningKeys } from "../jwks/check-signing-keys.js";
import { reachEndpoint } from "../reach-endpoint.js";
import { checkCapabilities } from "./check-capabilities.js";
import { checkDiscoveredIssuer } from "./check-discovered-issuer.js";
import { checkEndpoints } from "./check-endpoints.js";
import { checkScopes } from "./check-scopes.js";
import { findIssuer } from "./find-issuer.js";
import { loadMetadata } from "./load-metadata.js";

/**
 * Checks a provider that is based on OpenID Connect as ZITADEL uses it at each sign-in: its discovery document, the issuer in it, the
 * endpoints, features and scopes that the document lists, and the keys that sign ID tokens.
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
  const isPublic = providerIssuer.field === undefined;
  const check = "oidc/endpoint-unreachable";
  await Promise.all([
    keys &&
      runIfSafe(keys, () => checkSigningKeys({ topic: "oidc", url: keys.href, isPublic }, context)),
    ...listOneUrlPerOrigin(Object.entries(others), [issuerUrl, keys]).map(([name, url]) =>
      runIfSafe(url, () =>
        reachEndpoint({ url, check, isPublic, purpose: `the ${name}` }, context),
      ),
    ),
  ]);
}

/** Returns the first endpoint of each server that no other check asks. */
function listOneUrlPerOrigin(
  endpoints: readonly (readonly [string, URL])[],
  asked: readonly (URL | undefined)[],
): readonly (readonly [string, URL])[] {
  const origins = new Set(asked.map((url) => url?.origin));
  return endpoints.filter(([, { origin }]) => {
    const isNew = !origins.has(origin);
    origins.add(origin);
    return isNew;
  });
}

/** Returns false, and reports it, for a URL from the document of a public server that leads to a private address. */
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
