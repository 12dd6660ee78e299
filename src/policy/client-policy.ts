import type { TokenSource } from "../auth/token-source.js";
import type { Call } from "../call/call.js";
import type { HeaderFields, OutgoingRequest, RequestPolicy } from "../transport/run-attempt.js";
import { instanceHostHeader } from "../utils/instance-host.js";
import { shortenTimeout } from "./deadline-header.js";
import { orgIdHeader } from "./org.js";
import { createTokenPolicy, type TokenedRequest, type TokenOptions } from "./token-policy.js";

/** The headers of a client: its default headers, its organization and its token. */
interface ClientHeaders {
  /** Headers for every call. A header that the call sets itself takes precedence. */
  readonly headers: Readonly<HeaderFields>;
  /** The organization of every call. A header that the call sets itself takes precedence. */
  readonly orgId: string | undefined;
  /** The source of the token of every call. It replaces any `authorization` header. */
  readonly tokens: string | TokenSource | undefined;
  /** True if the caller gave the transport, which decides the URL: the client cannot check where its token goes. */
  readonly isTransportOfCaller: boolean;
}

/**
 * Creates the policy that `createIdpClient` gives to its transport. An attempt passes these steps:
 *
 * 1. `addDefaults` sets the headers of the client that the call does not set itself.
 * 2. `recordTarget` records the organization and the instance that the headers name, for errors.
 * 3. `createTokenPolicy` fetches the token, and sends the attempt once more if the server rejects it.
 * 4. `setToken` sets the token before each of these requests, and the timeout that is left.
 */
export function createClientPolicy(client: ClientHeaders, options: TokenOptions): RequestPolicy {
  const { tokens, isTransportOfCaller } = client;
  const defaults = listDefaults(client, options.instanceHost);
  const sendWithToken = tokens === undefined ? undefined : createTokenPolicy(tokens, options);
  return (request, send) => {
    const { call, fields } = request;
    addDefaults(fields, defaults);
    recordTarget(call, fields);
    if (sendWithToken === undefined) {
      return send(request);
    }
    const startedMs = performance.now();
    const timeout = fields["grpc-timeout"];
    return sendWithToken(toTokenedRequest(request, isTransportOfCaller), call, (authorization) => {
      setToken(fields, authorization, timeout, performance.now() - startedMs);
      return send(request);
    });
  };
}

/** Returns the headers of a client that a call may replace with its own. */
function listDefaults(
  { headers, orgId, isTransportOfCaller }: ClientHeaders,
  instanceHost: string | undefined,
): HeaderFields {
  // Our transports send `host` as the runtime allows it. Another transport may use `fetch`, which would drop it.
  const hostHeader = isTransportOfCaller ? instanceHostHeader : "host";
  return {
    ...headers,
    ...(orgId !== undefined && { [orgIdHeader]: orgId }),
    ...(instanceHost !== undefined && { [hostHeader]: instanceHost }),
  };
}

/** Sets each default header that the request does not have. */
function addDefaults(fields: HeaderFields, defaults: HeaderFields): void {
  for (const name in defaults) {
    if (!Object.hasOwn(fields, name)) {
      fields[name] = defaults[name] as string;
    }
  }
}

/** Records the organization and the instance that the headers of an attempt name. */
function recordTarget(call: Call, fields: HeaderFields): void {
  call.orgId = fields[orgIdHeader];
  call.instanceHost = fields[instanceHostHeader] ?? fields["host"];
}

/** Returns the facts that decide which token a request gets, and whether it may be sent twice. */
function toTokenedRequest(
  { url, deadline, isStream = false }: OutgoingRequest,
  isTransportOfCaller: boolean,
): TokenedRequest {
  return {
    url: isTransportOfCaller ? undefined : url,
    getSignal: () => deadline.signal,
    isStream,
  };
}

/** Sets the token of a request, and reduces the timeout of its call by the time since the attempt began. */
function setToken(
  fields: HeaderFields,
  authorization: string,
  timeout: string | undefined,
  elapsedMs: number,
): void {
  fields["authorization"] = authorization;
  if (timeout !== undefined) {
    fields["grpc-timeout"] = shortenTimeout(timeout, elapsedMs);
  }
}
