/**
 * The client for the identity-provider APIs of ZITADEL.
 *
 * @module
 */
export * from "./client.js";
// A separate file, because bundlers that split code load all names of a file together. An app that creates a client does not need
// the code for errors before the first error.
export * from "./public-names.js";
