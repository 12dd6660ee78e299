/**
 * Token sources for the option `auth` of `createIdpClient`.
 *
 * @module
 */
export { clientCredentials } from "./client-credentials.js";
export type { ClientCredentialsOptions } from "./auth/client-credentials-supplier.js";
export type { TokenEndpointOptions } from "./auth/endpoint-options.js";
export { serviceAccount } from "./service-account.js";
export type { ServiceAccountOptions } from "./service-account.js";
export type { ServiceAccountKey } from "./auth/service-account-key.js";
export { createTokenSource } from "./auth/token-source.js";
export type { TokenSource, TokenSourceOptions } from "./auth/token-source.js";
export type { Token, TokenRequest, TokenSupplier } from "./auth/token-supplier.js";
