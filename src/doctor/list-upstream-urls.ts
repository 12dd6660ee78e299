import { readSamlEntity } from "../formats/saml-entity.js";
import { parseUrl } from "../utils/parse-url.js";
import type { CheckedProvider } from "./checked-provider.js";
import { findIssuer } from "./checks/oidc/find-issuer.js";
import { toDiscoveryUrl } from "./checks/oidc/load-metadata.js";
import { hasOtherIssuer, parseProviderMetadata } from "./checks/oidc/provider-metadata.js";
import { findRequestEndpoint } from "./checks/saml/saml-bindings.js";
import { readSamlSettings } from "./checks/saml/saml-settings.js";
import type { Upstream } from "./upstream/upstream.js";
import { UpstreamError } from "./upstream/upstream-error.js";

/** A URL of a provider that ZITADEL or a user's browser opens. */
interface UpstreamUrl {
  readonly url: URL;
  /** The field with the URL. Undefined if a discovery document names it. */
  readonly field: string | undefined;
}

/** The fields with URLs, by the type of the provider. Types with fixed URLs have none, because others look after their servers. */
const urlFields: Readonly<Partial<Record<CheckedProvider["type"], readonly string[]>>> = {
  githubEs: ["authorizationEndpoint", "tokenEndpoint", "userEndpoint"],
  gitlabSelfHosted: ["issuer"],
  jwt: ["keysEndpoint", "jwtEndpoint"],
  legacyJwt: ["keysEndpoint", "jwtEndpoint"],
  legacyOidc: ["issuer"],
  oauth: ["authorizationEndpoint", "tokenEndpoint", "userEndpoint"],
  oidc: ["issuer"],
  zitadel: ["issuer"],
};

/** The members of a discovery document with URLs that ZITADEL uses. */
const endpointMembers = [
  "authorization_endpoint",
  "token_endpoint",
  "userinfo_endpoint",
  "jwks_uri",
] as const;

/**
 * Lists the URLs of a provider, one for each server: from its fields, its SAML metadata, and its discovery document. Leaves out all URLs
 * of the discovery document if a public server names a private address in it.
 */
export async function listUpstreamUrls(
  provider: CheckedProvider,
  upstream: Upstream,
): Promise<UpstreamUrl[]> {
  const { type, fields } = provider;
  const fieldUrls = (urlFields[type] ?? []).map((field) => toUpstreamUrl(fields[field], field));
  const all = [
    ...fieldUrls,
    ...(type === "saml" ? listSamlUrls(provider) : []),
    ...(urlFields[type]?.includes("issuer") ? await listDiscoveredUrls(provider, upstream) : []),
  ].filter((each) => each !== undefined);
  const origins = new Set<string>();
  return all.filter(({ url: { origin } }) => !origins.has(origin) && origins.add(origin));
}

function toUpstreamUrl(value: unknown, field: string | undefined): UpstreamUrl | undefined {
  const url = typeof value === "string" ? parseUrl(value) : undefined;
  return url?.protocol === "https:" || url?.protocol === "http:" ? { url, field } : undefined;
}

function listSamlUrls(provider: CheckedProvider): (UpstreamUrl | undefined)[] {
  const { metadata, metadataUrl, binding } = readSamlSettings(provider);
  const endpoint = findRequestEndpoint(readSamlEntity(metadata)?.singleSignOn ?? [], binding);
  return [
    toUpstreamUrl(endpoint?.location, "metadataXml"),
    toUpstreamUrl(metadataUrl, "metadataUrl"),
  ];
}

async function listDiscoveredUrls(
  provider: CheckedProvider,
  upstream: Upstream,
): Promise<(UpstreamUrl | undefined)[]> {
  const { issuer } = findIssuer(provider);
  const source = parseUrl(issuer);
  if (source === undefined) {
    return [];
  }
  try {
    const { status, text } = await upstream.get(toDiscoveryUrl(issuer));
    const metadata = status === 200 ? parseProviderMetadata(text) : {};
    if ("problem" in metadata || hasOtherIssuer(metadata, source)) {
      return [];
    }
    const urls = endpointMembers.map((name) => toUpstreamUrl(metadata[name], undefined));
    return await Promise.all(
      urls.map(async (each) => {
        if (each !== undefined) {
          await upstream.checkNamedUrl(each.url, source);
        }
        return each;
      }),
    );
  } catch (error) {
    if (error instanceof UpstreamError) {
      // `checkDiscovery` reports this error.
      return [];
    }
    throw error;
  }
}
