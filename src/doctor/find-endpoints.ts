import type { CheckedProvider } from "./checked-provider.js";
import { findIssuer } from "./checks/oidc/find-issuer.js";
import { toDiscoveryUrl } from "./checks/oidc/load-metadata.js";
import { hasOtherIssuer, parseProviderMetadata } from "./checks/oidc/provider-metadata.js";
import { parseUrl } from "../utils/parse-url.js";
import { isAllowedHttp, type Upstream } from "./upstream/upstream.js";
import { UpstreamError } from "./upstream/upstream-error.js";

/** The endpoints of the authorization code flow of a provider. */
export interface CodeFlowEndpoints {
  readonly authorization: string;
  readonly token: string;
  /** The URL of the discovery document with the endpoints. Undefined for endpoints that are fields or fixed. */
  readonly source?: URL;
}

/** The types without an authorization code flow. */
const typesWithoutCodeFlow: ReadonlySet<CheckedProvider["type"]> = new Set([
  "jwt",
  "ldap",
  "legacyJwt",
  "saml",
  "unknown",
]);

/**
 * Returns the endpoints that ZITADEL uses for a provider: from its fields, from its discovery document, or the fixed ones of GitHub and
 * Entra ID. Returns undefined for types without an authorization code flow. Rejects with an `UpstreamError` if the discovery document
 * cannot be loaded.
 */
export async function findEndpoints(
  provider: CheckedProvider,
  upstream: Upstream,
): Promise<CodeFlowEndpoints | undefined> {
  const { type, fields } = provider;
  switch (type) {
    case "oauth":
    case "githubEs":
      return {
        authorization: String(fields["authorizationEndpoint"]),
        token: String(fields["tokenEndpoint"]),
      };
    case "github":
      return {
        authorization: "https://github.com/login/oauth/authorize",
        token: "https://github.com/login/oauth/access_token",
      };
    case "azureAd": {
      const base = `https://login.microsoftonline.com/${encodeURIComponent(toText(fields["tenant"]) || "common")}`;
      return {
        authorization: `${base}/oauth2/v2.0/authorize`,
        token: `${base}/oauth2/v2.0/token`,
      };
    }
    default:
      return typesWithoutCodeFlow.has(type)
        ? undefined
        : await discoverEndpoints(findIssuer(provider).issuer, upstream);
  }
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Returns the endpoints in a discovery document. `checkDiscovery` reports the problems of the document. */
async function discoverEndpoints(issuer: string, upstream: Upstream): Promise<CodeFlowEndpoints> {
  const { status, text } = await upstream.get(toDiscoveryUrl(issuer));
  const metadata = status === 200 ? parseProviderMetadata(text) : { problem: `HTTP ${status}` };
  if (
    "problem" in metadata ||
    metadata.authorization_endpoint === undefined ||
    metadata.token_endpoint === undefined
  ) {
    throw new UpstreamError("failed", "the discovery document of the issuer names no endpoints");
  }
  const source = new URL(toDiscoveryUrl(issuer));
  if (hasOtherIssuer(metadata, source)) {
    throw new UpstreamError(
      "failed",
      `the discovery document belongs to another issuer, ${parseUrl(metadata.issuer ?? "")?.host}, so nothing is sent to its endpoints`,
    );
  }
  return { authorization: metadata.authorization_endpoint, token: metadata.token_endpoint, source };
}

/** Returns true if a request to a URL crosses networks without TLS. */
export function isInsecure(url: string, allowPrivate: boolean): boolean {
  return (
    URL.canParse(url) &&
    new URL(url).protocol === "http:" &&
    !isAllowedHttp(new URL(url), allowPrivate)
  );
}
