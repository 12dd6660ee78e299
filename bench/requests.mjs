// The requests of the benchmark, and the expected content of their responses. Server and clients share this file, so it holds data
// only.

export const providerId = "300000000000000001";
export const providerName = "Acme";

/** A provider that does not exist: the call fails with `not_found`. */
export const missingId = "404";

/** A provider for which the server never sends a response. */
export const silentId = "never";

export const getProvider = { id: providerId };

export const addProvider = {
  name: providerName,
  issuer: "https://login.acme.example",
  clientId: "zitadel",
  clientSecret: "the secret that Acme gave you",
  scopes: ["openid", "profile", "email"],
  usePkce: true,
  providerOptions: { isLinkingAllowed: true, isCreationAllowed: true },
};

/** The lengths of the lists that the server offers, by the limit of the query. */
export const listSizes = [1, 10, 100, 1000, 10_000];

export const listProviders = (limit) => ({ query: { limit } });

export const paths = {
  get: `/management/v1/idps/templates/${providerId}`,
  add: "/management/v1/idps/generic_oidc",
  list: "/management/v1/idps/templates/_search",
};

export const grpcPath = (rpc) => `/zitadel.management.v1.ManagementService/${rpc}`;

/** Throws if a response is wrong, so that no client is fast because it does not read the response. */
export function checkField(actual, expected) {
  if (actual !== expected) {
    throw new Error(`the response has ${String(actual)} instead of ${String(expected)}`);
  }
}
