import type { CheckedProvider } from "./checked-provider.js";

/** A URL of this instance to which a provider sends users back. It must be registered at the provider. */
export interface RedirectUri {
  /** The version of the login page that uses the URL. */
  readonly loginVersion: 1 | 2;
  /** The URL to register. */
  readonly uri: string;
  /** The origin of the instance that the URL is on. */
  readonly origin: string;
}

/** The paths by login version. `{id}` is the id of the provider. */
interface CallbackPaths {
  readonly 1: string;
  readonly 2: string;
}

/** The paths of ZITADEL: `internal/api/ui/login/router.go` has those of version 1, `internal/api/idp/idp.go` those of version 2. */
const codePaths: CallbackPaths = {
  1: "/ui/login/login/externalidp/callback",
  2: "/idps/callback",
};
const pathsByType: Readonly<Partial<Record<CheckedProvider["type"], CallbackPaths>>> = {
  apple: { 1: "/ui/login/login/externalidp/callback/form", 2: "/idps/callback" },
  azureAd: codePaths,
  github: codePaths,
  githubEs: codePaths,
  gitlab: codePaths,
  gitlabSelfHosted: codePaths,
  google: codePaths,
  jwt: { 1: "/ui/login/login/jwt/authorize", 2: "/idps/jwt" },
  oauth: codePaths,
  oidc: codePaths,
  saml: { 1: "/ui/login/login/externalidp/saml/acs", 2: "/idps/{id}/saml/acs" },
  zitadel: codePaths,
  legacyJwt: { 1: "/ui/login/login/jwt/authorize", 2: "/idps/jwt" },
  legacyOidc: codePaths,
};

/**
 * Returns the URLs to which a provider sends users back, for both versions of the login page on each domain of the instance: redirect
 * URIs, the assertion consumer services of SAML, and the URLs to which the JWT endpoint forwards users. LDAP has none.
 *
 * @example
 * listRedirectUris({ type: "google", id: undefined }, ["https://acme.example"])[1]?.uri; // "https://acme.example/idps/callback"
 */
export function listRedirectUris(
  { type, id }: Pick<CheckedProvider, "type" | "id">,
  origins: readonly string[],
): RedirectUri[] {
  const paths = pathsByType[type];
  return paths === undefined
    ? []
    : origins.flatMap((origin) =>
        ([1, 2] as const).map((loginVersion) => ({
          loginVersion,
          origin,
          uri: origin + paths[loginVersion].replace("{id}", id ?? "{id}"),
        })),
      );
}
