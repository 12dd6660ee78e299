/**
 * The layers that `createIdpClient` puts around a transport, for use with your own Connect `Transport`.
 *
 * @module
 */
export { auth } from "./auth.js";
export type { AuthOptions } from "./auth.js";
export { withErrors } from "./with-errors.js";
export type { ErrorOptions } from "./with-errors.js";
export { headers } from "./headers.js";
export type {
  Attributes,
  HookOptions,
  Hooks,
  RequestEvent,
  ResponseEvent,
  RetryEvent,
} from "./observe/hooks.js";
export { org } from "./org.js";
export { redactedJson } from "../redact/redacted-json.js";
export type { RetryBudget } from "./retry/retry-budget.js";
export { withRetry } from "./retry/retry.js";
export type { RetryOptions } from "./retry/retry-options.js";
