/**
 * Checks if users can sign in, from this machine and without a user. For Node.js.
 *
 * @module
 */
export type { Finding, FindingProvider, Severity } from "../lint/finding.js";
export { diagnose } from "./diagnose.js";
export type { Expiration, ExpirationKind, Expirations } from "./expiry/expiration.js";
export { listExpirations } from "./expiry/list-expirations.js";
export type { ListExpirationsOptions } from "./expiry/list-expirations.js";
export type { DiagnoseClient } from "./diagnose-client.js";
export type { DiagnoseOptions, DiagnoseProgress, Diagnosis } from "./diagnose-options.js";
