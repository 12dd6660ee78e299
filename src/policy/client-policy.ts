import type { TokenSource } from "../auth/token-source.js";
import type { RequestPolicy } from "../transport/run-attempt.js";
import { instanceHostHeader } from "../zitadel/instance-host.js";
import { createAuthorizationPolicy } from "./authorization-policy.js";
import { createClientHeaders, type ClientHeaderOptions } from "./create-client-headers.js";
import { recordTarget } from "./record-target.js";
import { setMissingFields } from "./set-missing-fields.js";
import type { TokenOptions } from "./token-policy.js";

/** The options of a client that set headers of its calls. */
interface ClientPolicyOptions extends ClientHeaderOptions, TokenOptions {
  /** The source of the token of every call; undefined for calls without a token. */
  readonly tokens: string | TokenSource | undefined;
  /** True if the caller gave the transport of the client. */
  readonly isTransportOfCaller: boolean;
}

/**
 * Creates the policy that `createIdpClient` gives to its transport: it adds the headers of the client to each attempt, and then
 * sends the attempt with its token. The header fields are changed in place, because a copy of such an object takes 40 times as long.
 */
export function createClientPolicy(options: ClientPolicyOptions): RequestPolicy {
  const { tokens, isTransportOfCaller } = options;
  // `fetch` drops `Host`, so our transports replace it by ZITADEL's own header before they call `fetch`. A transport of the caller may
  // call `fetch` too, so it gets that header from the start.
  const defaults = createClientHeaders(options, isTransportOfCaller ? instanceHostHeader : "host");
  const addToken = tokens === undefined ? undefined : createAuthorizationPolicy(tokens, options);
  return (request, send) => {
    const { call, fields } = request;
    setMissingFields(fields, defaults);
    recordTarget(call, fields);
    return addToken === undefined ? send(request) : addToken(request, send);
  };
}
