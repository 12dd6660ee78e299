/**
 * Code that runs only after a call fails: parsing and classifying errors, retrying, and removing secrets. All transports and the
 * policy load it on the first failure, under the name `#failures`, to keep it out of the initial bundle.
 *
 * @module
 */
export { misdirected, renew } from "./policy/auth-failure.js";
export { invalidOptions } from "./policy/errors/invalid-options.js";
export { missingId } from "./policy/errors/missing-id.js";
export { repeat } from "./policy/retry/repeat.js";
export { streamWithErrors } from "./policy/errors/stream-errors.js";
export { failedCall } from "./policy/errors/to-zitadel-error.js";
export { answerTooLarge } from "./transport/response-limit.js";
export { invalidLimits } from "./call/call-problem.js";
export { endedCall } from "./transport/ended-call.js";
export { grpcFailure, unreadable } from "./transport/grpc-failure.js";
export { networkError } from "./transport/http/network-error.js";
export { refuseStream } from "./transport/refuse-stream.js";
