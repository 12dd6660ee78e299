/**
 * What `createIdpClient` puts around a wire, for those who bring their own Connect `Transport`.
 *
 * @module
 */
export { auth } from "./auth.js";
export { headers } from "./headers.js";
export { org } from "./org.js";
