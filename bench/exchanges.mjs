// The calls that everyone makes, and what is looked at in their answers. Server and clients share this file, so it is data only.

export const providerId = "300000000000000001";
export const providerName = "Acme";

/** A provider that does not exist: the call fails with `not_found`. */
export const missingId = "404";

/** The server never answers a call for this one. */
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

/** How many providers the lists hold that can be asked for, by the limit of the query. */
export const listSizes = [1, 10, 100, 1000, 10_000];

export const listProviders = (limit) => ({ query: { limit } });

export const paths = {
  get: `/management/v1/idps/templates/${providerId}`,
  add: "/management/v1/idps/generic_oidc",
  list: "/management/v1/idps/templates/_search",
};

export const grpcPath = (rpc) => `/zitadel.management.v1.ManagementService/${rpc}`;

/** Throws if an answer is not the right one, so that no client is fast by not reading it. */
export function check(actual, expected) {
  if (actual !== expected) {
    throw new Error(`the answer holds ${String(actual)} instead of ${String(expected)}`);
  }
}
