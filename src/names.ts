/**
 * The public names of the root entry besides `createIdpClient`.
 *
 * @module
 */
export { create, fromJson, toJson } from "@bufbuild/protobuf";
export { Code, ConnectError } from "@connectrpc/connect";
export type { IdpClientOptions } from "./options.js";
export type { Hooks, RequestEvent, ResponseEvent, RetryEvent } from "./policy/observe/hooks.js";
export type { RetryOptions } from "./policy/retry/retry.js";
export { isOutcomeUnknown, isZitadelError, ZitadelError } from "./policy/errors/zitadel-error.js";
export type { ErrorReason, ZitadelErrorDetail } from "./policy/errors/zitadel-error.js";
export type { Protocol } from "./call/protocol.js";
