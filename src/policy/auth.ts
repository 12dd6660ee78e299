import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import type { TokenSource } from "../auth/token-source.js";
import type { TokenSupplier } from "../auth/token-supplier.js";
import { AttemptError } from "../call/attempt-error.js";
import { callOf, hasProxyIn } from "../call/call.js";
import { readConnectFacts } from "../call/read-connect-facts.js";
import { checkNumber } from "../utils/check-number.js";
import { instanceHostHeader, readInstanceHost } from "../zitadel/instance-host.js";
import { bytesRule } from "../transport/transport-options.js";
import { recordTarget } from "./record-target.js";
import { sendFieldsWithToken } from "./send-fields-with-token.js";
import { setHeaders } from "./set-headers.js";
import { setMissingFields } from "./set-missing-fields.js";
import { createTokenPolicy } from "./token-policy.js";
import { toTokenSource } from "./to-token-source.js";

/** Options of `auth` besides the token source. */
export interface AuthOptions {
  /**
   * The base URL of the API. If set, a call to another origin fails instead of carrying a token there, and tokens are requested
   * for this URL. Default: the origin of each call.
   */
  baseUrl?: string | URL | undefined;
  /**
   * The host name of the instance, with its port if it has one, if requests go to another host. Sent as `x-zitadel-instance-host`
   * with each call and with each request for a token. Default: none.
   */
  instanceHost?: string | undefined;
  /** The function that sends requests for tokens. Default: the global `fetch`; in Node.js, Bun and Deno `node:http`. */
  fetch?: typeof globalThis.fetch | undefined;
  /** True to send the token over plain `http:` to another machine, or through a forward proxy. Default: false. */
  allowInsecureAuth?: boolean | undefined;
  /** The maximum length of a response of the token issuer, in bytes. Default: 1 MiB. */
  maxTokenResponseBytes?: number | undefined;
}

/**
 * Creates an interceptor that sends a bearer token with every call, instead of any `authorization` header that the call already
 * has. The token is fixed, or comes from a function or a token source (`zitadel-idp/auth`).
 *
 * If the server answers a unary call with `unauthenticated`, the interceptor asks for another token, and sends the call once more
 * if it gets one. The call fails without being sent if no token is available (with the error of the source), or if the token
 * would go to another server or travel unencrypted (`failed_precondition`).
 *
 * Throws a TypeError if `source` cannot give tokens, or if an option is invalid.
 *
 * @example
 * const transport = createGrpcTransport({ baseUrl, interceptors: [auth(serviceAccount(key), { baseUrl })] });
 */
export function auth(
  source: string | TokenSupplier | TokenSource,
  options: AuthOptions = {},
): Interceptor {
  checkNumber("maxTokenResponseBytes", options.maxTokenResponseBytes, bytesRule);
  const instanceHost =
    options.instanceHost === undefined ? undefined : readInstanceHost(options.instanceHost);
  const sendWithToken = createTokenPolicy(toTokenSource(source), { ...options, instanceHost });
  const hostHeaders = instanceHost === undefined ? {} : { [instanceHostHeader]: instanceHost };
  return (next) => async (request) => {
    const { header, url, stream } = request;
    const call = callOf(request.contextValues);
    const fields = Object.fromEntries(header);
    setMissingFields(fields, hostHeaders);
    if (call !== undefined) {
      recordTarget(call, fields);
    }
    const authorizedRequest = {
      url,
      deadline: { signal: request.signal, throwIfEnded: () => throwIfAborted(request.signal) },
      hasProxy: hasProxyIn(request.contextValues),
      isStream: stream,
    };
    return await sendFieldsWithToken(sendWithToken, authorizedRequest, call, fields, async () => {
      setHeaders(header, fields);
      try {
        return await next(request);
      } catch (error) {
        if (error instanceof ConnectError && call?.isTransportOfCaller) {
          // The policy classifies the error here, before it reaches the wrapper of the caller's transport.
          AttemptError.record(error, readConnectFacts(error));
        }
        throw error;
      }
    });
  };
}

/** Throws the reason of a signal that has aborted. `signal.throwIfAborted()` is missing in React Native. */
function throwIfAborted({ aborted, reason }: AbortSignal): void {
  if (aborted) {
    throw ConnectError.from(reason, Code.Canceled);
  }
}
