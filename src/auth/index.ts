/**
 * Token sources for the option `auth` of `createIdpClient`.
 *
 * @module
 */
export { clientCredentials } from "./client-credentials.js";
export type { ClientCredentialsOptions } from "./client-credentials.js";
export { createTokenSource } from "./create-token-source.js";
export type { TokenSourceOptions } from "./create-token-source.js";
export type { TokenEndpointOptions } from "./endpoint-options.js";
export { serviceAccount } from "./service-account.js";
export type { ServiceAccountOptions } from "./service-account.js";
export type { ServiceAccountKey } from "./service-account-key.js";
export type { Token, TokenRequest, TokenSource, TokenSupplier } from "./token-source.js";
