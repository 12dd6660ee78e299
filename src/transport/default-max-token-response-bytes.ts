/** The default limit for the length of a response of a token issuer, in bytes. Servers send a few KB. */
export const defaultMaxTokenResponseBytes: number = 1024 * 1024;
