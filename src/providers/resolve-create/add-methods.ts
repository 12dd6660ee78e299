import type { IDP, IDPLoginPolicyLink, LoginPolicy, Provider } from "../../services/idp.js";
import type { AnyAdminClient, AnyManagementClient } from "../service-clients.js";
import type { ProviderType } from "../model/provider.js";

/** The name of a method of a client that creates something: an `Add*` RPC. */
export type AddMethod<Client> = Extract<keyof Client, `add${string}`>;

/** The type of the request of a method of a client. */
export type RequestOf<Client, Method extends keyof Client> = Client[Method] extends (
  request: infer Request,
  ...more: never[]
) => unknown
  ? Request
  : never;

/** The type of the object that a method creates, as reads return it. */
export type Made<Method> = Method extends `add${string}Provider`
  ? Provider
  : Method extends "addCustomLoginPolicy"
    ? LoginPolicy
    : Method extends "addIDPToLoginPolicy"
      ? IDPLoginPolicyLink
      : IDP;

type AnyAdd = AddMethod<AnyManagementClient> | AddMethod<AnyAdminClient>;
type PolicyAdd = "addCustomLoginPolicy" | "addIDPToLoginPolicy";
type ProviderAdd = Extract<AnyAdd, `add${string}Provider`>;
type LegacyAdd = Exclude<AnyAdd, ProviderAdd | PolicyAdd>;

/** The config case of a legacy IDP. */
export type LegacyConfigCase = NonNullable<IDP["config"]["case"]>;

/** The type of the provider that each method creates. */
export const createdProviderTypes: Readonly<Record<ProviderAdd, ProviderType>> = {
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

/** The config case of the legacy IDP that each method of the legacy API creates. */
export const legacyConfigCases: Readonly<Record<LegacyAdd, LegacyConfigCase>> = {
  addJWTIDP: "jwtConfig",
  addOIDCIDP: "oidcConfig",
  addOrgJWTIDP: "jwtConfig",
  addOrgOIDCIDP: "oidcConfig",
};
