import type { TokenSource } from "../auth/token-source.js";
import type { RequestPolicy, HeaderFields } from "../transport/run-attempt.js";
import { shortenTimeout } from "./deadline-header.js";
import { orgIdHeader } from "./org.js";
import { createTokenPolicy, type TokenOptions } from "./token-policy.js";
import { instanceHostHeader } from "../utils/instance-host.js";

/** The headers of a client: its default headers, its organization and its token. */
interface ClientHeaders {
  /** Headers for every call. A header that the call sets itself takes precedence. */
  readonly headers: Readonly<HeaderFields>;
  /** The organization of every call. A header that the call sets itself takes precedence. */
  readonly orgId: string | undefined;
  /** The source of the token of every call. It replaces any `authorization` header. */
  readonly tokens: string | TokenSource | undefined;
  /** The credentials of the forward proxies, which must not appear in errors. */
  readonly proxySecrets: readonly string[];
  /** True if another transport than ours decides the URL, so that the client cannot check where its token goes. */
  readonly hasOwnTransport: boolean;
}

/** Creates the policy that `createIdpClient` gives to its transport: it sets the headers of the client on each attempt. */
export function createClientPolicy(
  { headers, orgId, tokens, proxySecrets, hasOwnTransport }: ClientHeaders,
  options: TokenOptions,
): RequestPolicy {
  const defaults: HeaderFields = { ...headers };
  if (orgId !== undefined) {
    defaults[orgIdHeader] = orgId;
  }
  const { instanceHost } = options;
  if (instanceHost !== undefined) {
    // Our transports send `host` as the runtime allows it. Another transport may use `fetch`, which would drop it.
    defaults[hasOwnTransport ? instanceHostHeader : "host"] = instanceHost;
  }
  const sendWithToken = tokens === undefined ? undefined : createTokenPolicy(tokens, options);
  return (request, send) => {
    const { call, url, fields, deadline, isStream = false } = request;
    for (const name in defaults) {
      if (!Object.hasOwn(fields, name)) {
        fields[name] = defaults[name] as string;
      }
    }
    call.secrets.push(...proxySecrets);
    call.orgId = fields[orgIdHeader];
    call.instanceHost = fields[instanceHostHeader] ?? fields["host"];
    if (sendWithToken === undefined) {
      return send(request);
    }
    const startedMs = performance.now();
    const timeout = fields["grpc-timeout"];
    const tokened = {
      url: hasOwnTransport ? undefined : url,
      getSignal: () => deadline.signal,
      isStream,
    };
    return sendWithToken(tokened, call, (authorization) => {
      fields["authorization"] = authorization;
      if (timeout !== undefined) {
        // The token took some of the time.
        fields["grpc-timeout"] = shortenTimeout(timeout, performance.now() - startedMs);
      }
      return send(request);
    });
  };
}
