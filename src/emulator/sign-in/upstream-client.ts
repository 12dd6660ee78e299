import { type ProviderConfig, ProviderType } from "../../../gen/zitadel/idp_pb.js";
import { nameAzureTenant } from "./name-azure-tenant.js";
import { discoverUpstream, type UpstreamEndpoints } from "./discover-upstream.js";
import type { SignInProvider } from "./find-sign-in-provider.js";
import { createUnemulatedError } from "./unemulated-error.js";

/** ZITADEL as the OAuth client of an identity provider. */
export interface UpstreamClient {
  readonly endpoints: UpstreamEndpoints;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
  readonly usesPkce: boolean;
  /** True if the provider asks the user to choose an account. */
  readonly selectsAccount: boolean;
}

/** The parts of a client that depend on the type of the provider. */
type TypeSettings = Pick<UpstreamClient, "scopes" | "selectsAccount"> & {
  /** The endpoints, or the issuer whose discovery document has them. */
  readonly endpoints: UpstreamEndpoints | { readonly issuer: string };
};

/**
 * Creates the client of a provider, with the scopes of its type. Fetches the discovery document of an OpenID Connect provider.
 *
 * Throws `unimplemented` for the types whose sign-ins are not emulated: Apple, JWT, LDAP and SAML.
 */
export async function createUpstreamClient(
  { type, writeModel }: SignInProvider,
  allowPrivate: boolean,
): Promise<UpstreamClient> {
  const settings = findTypeSettings(writeModel.config.config);
  if (settings === undefined) {
    throw createUnemulatedError(`a sign-in with a provider of the type ${ProviderType[type]}`);
  }
  const { endpoints, ...others } = settings;
  const { clientId = "", usePkce = false } = (writeModel.config.config.value ?? {}) as {
    clientId?: string;
    usePkce?: boolean;
  };
  return {
    ...others,
    endpoints:
      "issuer" in endpoints ? await discoverUpstream(endpoints.issuer, allowPrivate) : endpoints,
    clientId,
    clientSecret: writeModel.clientSecret ?? "",
    usesPkce: usePkce,
  };
}

function findTypeSettings(config: ProviderConfig["config"]): TypeSettings | undefined {
  switch (config.case) {
    case "oauth":
    case "githubEs":
      return {
        endpoints: {
          authorization: config.value.authorizationEndpoint,
          token: config.value.tokenEndpoint,
        },
        scopes: config.value.scopes,
        selectsAccount: true,
      };
    case "github":
      return {
        endpoints: {
          authorization: "https://github.com/login/oauth/authorize",
          token: "https://github.com/login/oauth/access_token",
        },
        scopes: config.value.scopes,
        selectsAccount: true,
      };
    case "azureAd": {
      const base = `https://login.microsoftonline.com/${nameAzureTenant(config.value.tenant)}/oauth2/v2.0`;
      return {
        endpoints: { authorization: `${base}/authorize`, token: `${base}/token` },
        scopes: addScopes(
          config.value.scopes,
          [...oidcScopes, "User.Read"],
          ["openid", "User.Read"],
        ),
        selectsAccount: true,
      };
    }
    case "oidc":
      return {
        endpoints: { issuer: config.value.issuer },
        scopes: addScopes(config.value.scopes, oidcScopes, ["openid"]),
        selectsAccount: true,
      };
    case "google":
      return {
        endpoints: { issuer: "https://accounts.google.com" },
        scopes: addScopes(config.value.scopes, oidcScopes, ["openid"]),
        selectsAccount: true,
      };
    case "gitlab":
    case "gitlabSelfHosted":
      return {
        endpoints: {
          issuer: config.case === "gitlab" ? "https://gitlab.com" : config.value.issuer,
        },
        scopes: addScopes(config.value.scopes, ["openid", "profile", "email"], ["openid"]),
        selectsAccount: false,
      };
    default:
      return undefined;
  }
}

/** The default scopes of OpenID Connect. */
const oidcScopes = ["openid", "profile", "email", "phone"];

/** Returns the scopes of a provider together with those that its type needs, or the defaults of the type. */
function addScopes(
  scopes: readonly string[],
  defaults: readonly string[],
  needed: readonly string[],
): readonly string[] {
  return scopes.length === 0
    ? defaults
    : [...scopes, ...needed.filter((each) => !scopes.includes(each))];
}
