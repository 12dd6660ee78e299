import { createLazy } from "../../call/create-lazy.js";
import { checkNumbers } from "../../utils/check-number.js";
import { isLoopback } from "../../utils/is-loopback.js";
import {
  connectionNumberRules,
  defaultConnectTimeoutMs,
  defaultMaxConnections,
} from "../connection-number-rules.js";
import { hasOwnProxy } from "../has-own-proxy.js";
import { createFetchSend } from "./fetch-send.js";
import type { HttpSend, SendOptions } from "./send-request.js";
import { withHttp2Fallback } from "./http2-fallback.js";
import { createNodeHttpSend } from "./node-http-send.js";
import { findProxy } from "../socket/find-proxy.js";
import { listProxySecrets } from "../socket/list-proxy-secrets.js";
import { toTlsSettings } from "../socket/tls-settings.js";
import type { SenderOptions } from "./share-senders.js";

/**
 * The number of requests of a client after which it loads undici and sends through it.
 *
 * `node:http` gives the first response of a new process in 0.65 of the time that undici needs, because undici takes 60 to 100 ms to
 * load. undici costs two thirds of the CPU time per request: with it, a busy process makes about 4 times as many JSON calls per second as
 * with the global `fetch`; with `node:http` alone, about 2 times (`npm run bench`, GetProviderByID at 16 in flight). A CI job or a cold
 * function never gets this far. Each of the two keeps to `maxConnections`, so while a client changes over, both together may have
 * twice as many connections.
 */
const requestsBeforeUndici = 100;

/**
 * Creates the function that sends requests in Node.js, Bun and Deno: through `node:http` at first, and through undici once a client has
 * many requests or if there is a proxy. A server that supports HTTP/2 only gets its requests over HTTP/2. The option `fetch` replaces
 * all of this. The global `fetch` does too, if the program has replaced its dispatcher and sets neither `proxy` nor `tls`.
 */
export function createNodeSend(options: SendOptions): HttpSend {
  checkNumbers(options, connectionNumberRules);
  const { baseUrl, fetch, http2 } = options;
  const { connectTimeoutMs = defaultConnectTimeoutMs } = options;
  const { maxConnections = defaultMaxConnections } = options;
  if (fetch !== undefined) {
    return createFetchSend(fetch);
  }
  const proxy = findProxy(baseUrl, options.proxy);
  const checked = { connectTimeoutMs, maxConnections, proxy, tls: toTlsSettings(options.tls) };
  const sendToBase = createSocketSend(checked, http2?.send);
  const send =
    proxy === undefined || hasOwnProxy(options)
      ? sendToBase
      : withoutProxyToSelf(sendToBase, checked);
  if (options.proxy !== undefined || options.tls !== undefined) {
    return send;
  }
  const sendWithFetch = createFetchSend();
  return (request) => (isForFetch(request.url) ? sendWithFetch(request) : send(request));
}

/** Creates a function that sends over sockets: over HTTP/1, or over HTTP/2 to a server that supports nothing else. */
function createSocketSend(options: SenderOptions, sendOverHttp2?: HttpSend): HttpSend {
  const { proxy } = options;
  const sendOverEither = withHttp2Fallback(
    proxy === undefined ? createGrowingSend(options) : createProxySend(options),
    sendOverHttp2 ?? createLazyHttp2Send(options),
  );
  const secrets = proxy === undefined ? [] : listProxySecrets(proxy);
  return (request) => {
    request.call.secrets.push(...secrets);
    return sendOverEither(request);
  };
}

/**
 * Sends requests to this machine past the proxy of the environment, which is for the base URL: an interceptor may send a call
 * elsewhere, and its token would leave the machine, over `http:` unencrypted.
 */
function withoutProxyToSelf(sendByProxy: HttpSend, options: SenderOptions): HttpSend {
  const sendDirectly = createSocketSend({ ...options, proxy: undefined });
  return (request) =>
    isLoopback(new URL(request.url).hostname) ? sendDirectly(request) : sendByProxy(request);
}

/** Creates a function that loads undici with the first request, because only undici gets an agent for a proxy. */
function createProxySend(options: SenderOptions): HttpSend {
  const sender = createLazy(async () =>
    (await import("./undici-send.js")).createUndiciSend(options),
  );
  return async (request) => await (sender.value ?? (await sender.load()))(request);
}

/** Creates a function that sends through `node:http`, and loads undici once there are many requests. */
function createGrowingSend(options: SenderOptions): HttpSend {
  let send = createNodeHttpSend(options);
  let requests = 0;
  const useUndici = async (): Promise<void> => {
    const { createUndiciSend } = await import("./undici-send.js");
    send = createUndiciSend(options);
  };
  return (request) => {
    requests++;
    if (requests === requestsBeforeUndici) {
      // Without undici, `node:http` continues.
      useUndici().catch(() => undefined);
    }
    return send(request);
  };
}

/** Creates a function that loads the sender for servers without HTTP/1 with the first request. */
function createLazyHttp2Send(options: SenderOptions): HttpSend {
  const sender = createLazy(async () => {
    const { createSharedHttp2Send } = await import("./shared-http2-send.js");
    return createSharedHttp2Send(options);
  });
  return async (request) => await (await sender.load())(request);
}

/**
 * Returns true for requests that must go through the global `fetch`, because the program has replaced the dispatcher under it, e.g. with
 * a ProxyAgent, Node's own agent for NODE_USE_ENV_PROXY, or a MockAgent. Returns false for a request to this machine if the dispatcher
 * is a proxy: its token would leave the machine, over `http:` unencrypted.
 */
function isForFetch(url: string): boolean {
  const dispatcher = (globalThis as Record<symbol, object | undefined>)[globalDispatcher];
  const { name = "Agent" } = dispatcher?.constructor ?? {};
  return name !== "Agent" && !(name.endsWith("ProxyAgent") && isLoopback(new URL(url).hostname));
}

const globalDispatcher = Symbol.for("undici.globalDispatcher.1");
