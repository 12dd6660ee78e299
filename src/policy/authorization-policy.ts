import type { TokenSource } from "../auth/token-source.js";
import type { RequestPolicy } from "../transport/run-attempt.js";
import { sendFieldsWithToken } from "./send-fields-with-token.js";
import { createTokenPolicy, type TokenOptions } from "./token-policy.js";

/** Options of the token of a client. */
interface AuthorizationOptions extends TokenOptions {
  /** True if the caller gave the transport, which decides the URL: the client cannot check where its token goes. */
  readonly isTransportOfCaller: boolean;
}

/**
 * Creates the policy that sends each request with the token of a client, in place of any `authorization` header, and once more with
 * another token if the server rejects the first. The time for a token is subtracted from `grpc-timeout`.
 */
export function createAuthorizationPolicy(
  tokens: string | TokenSource,
  options: AuthorizationOptions,
): RequestPolicy {
  const sendWithToken = createTokenPolicy(tokens, options);
  return (request, send) => {
    const { call, fields, deadline, hasProxy = false, isStream = false } = request;
    const url = options.isTransportOfCaller ? undefined : request.url;
    const authorizedRequest = { url, deadline, hasProxy, isStream };
    return sendFieldsWithToken(sendWithToken, authorizedRequest, call, fields, () => send(request));
  };
}
