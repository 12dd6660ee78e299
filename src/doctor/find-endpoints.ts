import { isJsonObject } from "../utils/is-json-object.js";
import { tryParseJson } from "../utils/try-parse-json.js";
import type { CheckedProvider } from "./checked-provider.js";
import { isAllowedHttp, type Upstream } from "./upstream/upstream.js";
import { UpstreamError } from "./upstream/upstream-error.js";

/** The endpoints of the authorization code flow of a provider. */
interface CodeFlowEndpoints {
  readonly authorization: string;
  readonly token: string;
}

/** The issuers that ZITADEL knows, by type. */
const issuers: Readonly<Partial<Record<CheckedProvider["type"], string>>> = {
  apple: "https://appleid.apple.com",
  gitlab: "https://gitlab.com",
  google: "https://accounts.google.com",
};

/**
 * Returns the endpoints that ZITADEL uses for a provider: its fields, the fixed ones of GitHub and Entra ID, or those of its discovery
 * document. Rejects with an `UpstreamError` if the discovery document cannot be loaded. Returns undefined for types without them.
 */
export async function findEndpoints(
  { type, fields }: Pick<CheckedProvider, "type" | "fields">,
  upstream: Upstream,
): Promise<CodeFlowEndpoints | undefined> {
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
    default: {
      const issuer = issuers[type] ?? toText(fields["issuer"]);
      const hasDiscovery = !["jwt", "legacyJwt", "saml", "ldap", "unknown"].includes(type);
      return hasDiscovery ? await discoverEndpoints(issuer, upstream) : undefined;
    }
  }
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Loads the discovery document, whose URL ZITADEL makes from the issuer without a slash at its end. */
async function discoverEndpoints(issuer: string, upstream: Upstream): Promise<CodeFlowEndpoints> {
  const url = `${issuer.endsWith("/") ? issuer.slice(0, -1) : issuer}/.well-known/openid-configuration`;
  const { status, text } = await upstream.get(url);
  const document = status === 200 ? tryParseJson(text) : undefined;
  const { authorization_endpoint: authorization, token_endpoint: token } = isJsonObject(document)
    ? document
    : {};
  if (typeof authorization !== "string" || typeof token !== "string") {
    throw new UpstreamError("failed", "the discovery document of the issuer names no endpoints");
  }
  return { authorization, token };
}

/** Returns true if a request to a URL crosses networks without TLS. */
export function isInsecure(url: string, allowPrivate: boolean): boolean {
  return (
    URL.canParse(url) &&
    new URL(url).protocol === "http:" &&
    !isAllowedHttp(new URL(url), allowPrivate)
  );
}
