/**
 * The public names of the root entry besides `createIdpClient`.
 *
 * @module
 */
export { create } from "@bufbuild/protobuf";
export { Code, ConnectError } from "@connectrpc/connect";
export { fromJson, toJson } from "./message-json.js";
export type { IdpClientOptions } from "./options/idp-client-options.js";
export type { TransportClientOptions } from "./options/transport-client-options.js";
export type { Hooks, RequestEvent, ResponseEvent, RetryEvent } from "./policy/observe/hooks.js";
export type { RetryOptions } from "./policy/retry/retry-options.js";
export { isOutcomeUnknown, isZitadelError, ZitadelError } from "./policy/errors/zitadel-error.js";
export type { ErrorReason } from "./policy/classify/error-reason.js";
export type { ZitadelErrorDetail } from "./hints/error-id.js";
export type { Protocol } from "./call/protocol.js";
