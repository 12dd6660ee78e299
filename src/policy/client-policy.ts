import type { TokenSource } from "../auth/token-source.js";
import type { Call } from "../call/call.js";
import type { HeaderFields, RequestPolicy } from "../transport/run-attempt.js";
import { instanceHostHeader } from "../zitadel/instance-host.js";
import { createAuthorizationPolicy } from "./authorization-policy.js";
import { createClientHeaders, type ClientHeaderOptions } from "./create-client-headers.js";
import { orgIdHeader } from "./org-id-header.js";
import type { TokenOptions } from "./token-policy.js";

/** The options of a client that set headers of its calls. */
interface ClientPolicyOptions extends ClientHeaderOptions, TokenOptions {
  /** The source of the token of every call; undefined for calls without a token. */
  readonly tokens: string | TokenSource | undefined;
}

/**
 * Creates the policy that `createIdpClient` gives to its transport: it adds the headers of the client to each attempt, and then
 * sends the attempt with its token. The header fields are changed in place, because a copy of such an object takes 40 times as long.
 */
export function createClientPolicy(options: ClientPolicyOptions): RequestPolicy {
  const defaults = createClientHeaders(options);
  const { tokens } = options;
  const addToken = tokens === undefined ? undefined : createAuthorizationPolicy(tokens, options);
  return (request, send) => {
    const { call, fields } = request;
    setMissingFields(fields, defaults);
    recordTarget(call, fields);
    return addToken === undefined ? send(request) : addToken(request, send);
  };
}

/** Sets each default header that an attempt does not have. */
function setMissingFields(fields: HeaderFields, defaults: Readonly<HeaderFields>): void {
  for (const name in defaults) {
    if (!Object.hasOwn(fields, name)) {
      fields[name] = defaults[name] as string;
    }
  }
}

/** Records the organization and the instance that the headers of an attempt name, for the errors of its call. */
function recordTarget(call: Call, fields: Readonly<HeaderFields>): void {
  call.orgId = fields[orgIdHeader];
  call.instanceHost = fields[instanceHostHeader] ?? fields["host"];
}
