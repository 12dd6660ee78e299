import type { Call } from "../call/call.js";
import { shortenTimeout } from "../call/timeout-header.js";
import type { HeaderFields } from "../transport/run-attempt.js";
import type { SendWithToken, AuthorizedRequest } from "./token-policy.js";

/**
 * Sends a request with a token in its header fields, in place of any `authorization` header, and subtracts the time for the token from
 * `grpc-timeout`. The fields are changed in place before each `send`.
 */
export function sendFieldsWithToken<R>(
  sendWithToken: SendWithToken,
  request: AuthorizedRequest,
  call: Call | undefined,
  fields: HeaderFields,
  send: () => Promise<R>,
): Promise<R> {
  const startedMs = performance.now();
  const timeout = fields["grpc-timeout"];
  return sendWithToken(request, call, (authorization) => {
    fields["authorization"] = authorization;
    if (timeout !== undefined) {
      fields["grpc-timeout"] = shortenTimeout(timeout, performance.now() - startedMs);
    }
    return send();
  });
}
