/**
 * What only a failed call needs: reading what went wrong, judging it, repeating, and taking secrets out. All wires and the
 * policy load it with the first failure, under the name `#failures`, since a success needs none of it.
 *
 * @module
 */
export { misdirected, noOtherToken } from "./policy/auth-failure.js";
export { repeat } from "./policy/repeat.js";
export { isDeadlinesDoing, toZitadelError } from "./policy/to-zitadel-error.js";
export { grpcFailure } from "./transport/grpc-failure.js";
export { networkError } from "./transport/http/network-error.js";
export { jsonFailure, lineFailure, withStatus } from "./transport/json-failure.js";
