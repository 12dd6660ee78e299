/**
 * The client for the identity-provider APIs of ZITADEL.
 *
 * @module
 */
export * from "./client.js";
// In a file of their own: a bundler that splits code loads with one name all that is named in the same file, and an app that
// makes a client does not need the code for errors before the first one.
export * from "./names.js";
