/**
 * Token sources for the option `auth` of `createIdpClient`.
 *
 * @module
 */
export { clientCredentials } from "./client-credentials.js";
export type { ClientCredentialsOptions } from "./client-credentials-supplier.js";
export type { TokenEndpointOptions } from "./endpoint-options.js";
export { serviceAccount } from "./service-account.js";
export type { ServiceAccountOptions } from "./service-account.js";
export type { ServiceAccountKey } from "./service-account-key.js";
export { createTokenSource } from "./token-source.js";
export type { TokenSource, TokenSourceOptions } from "./token-source.js";
export type { Token, TokenRequest, TokenSupplier } from "./token-supplier.js";
