import type { AdminClient } from "../admin.js";
import type { IDP, IDPLoginPolicyLink, LoginPolicy, Provider, ProviderConfig } from "../idp.js";
import type { ManagementClient } from "../management.js";

/** The methods of a client that make something: its RPCs `Add*`. */
export type AddMethod<Client> = Extract<keyof Client, `add${string}`>;

/** What a method of a client takes. */
export type RequestOf<Client, Method extends keyof Client> = Client[Method] extends (
  request: infer Request,
  ...more: never[]
) => unknown
  ? Request
  : never;

/** What a method makes, as reads show it. */
export type Made<Method> = Method extends `add${string}Provider`
  ? Provider
  : Method extends "addCustomLoginPolicy"
    ? LoginPolicy
    : Method extends "addIDPToLoginPolicy"
      ? IDPLoginPolicyLink
      : IDP;

type AnyAdd = AddMethod<ManagementClient> | AddMethod<AdminClient>;
type PolicyAdd = "addCustomLoginPolicy" | "addIDPToLoginPolicy";
type ProviderAdd = Extract<AnyAdd, `add${string}Provider`>;
type LegacyAdd = Exclude<AnyAdd, ProviderAdd | PolicyAdd>;

export type ConfigCase = NonNullable<ProviderConfig["config"]["case"]>;
export type LegacyCase = NonNullable<IDP["config"]["case"]>;

/** The type of provider that each method makes, by its config. */
export const providerConfigs: Readonly<Record<ProviderAdd, ConfigCase>> = {
  addAppleProvider: "apple",
  addAzureADProvider: "azureAd",
  addGenericOAuthProvider: "oauth",
  addGenericOIDCProvider: "oidc",
  addGitHubEnterpriseServerProvider: "githubEs",
  addGitHubProvider: "github",
  addGitLabProvider: "gitlab",
  addGitLabSelfHostedProvider: "gitlabSelfHosted",
  addGoogleProvider: "google",
  addJWTProvider: "jwt",
  addLDAPProvider: "ldap",
  addSAMLProvider: "saml",
  addZitadelProvider: "zitadel",
};

/** The same for the IDPs of the older API. */
export const legacyConfigs: Readonly<Record<LegacyAdd, LegacyCase>> = {
  addJWTIDP: "jwtConfig",
  addOIDCIDP: "oidcConfig",
  addOrgJWTIDP: "jwtConfig",
  addOrgOIDCIDP: "oidcConfig",
};
