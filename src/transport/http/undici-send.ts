import type { Dispatcher } from "undici";
import type { RestResponse } from "../../rest/response.js";
import { ConnectionAttempts } from "./connection-attempts.js";
import { ConnectionQueue } from "./connection-queue.js";
import type { HttpRequest, HttpSend } from "./send-request.js";
import { formatHostWithPort } from "../../utils/host-with-port.js";
import { createProxyError } from "../socket/proxy-error.js";
import { createProxyHeaders } from "../socket/proxy-headers.js";
import { serverNameOf } from "../socket/server-name-of.js";
import { type SenderOptions, shareSenders } from "./share-senders.js";
import { createUndiciAgent } from "./undici-agent.js";
import {
  createDirectConnector,
  createProxyConnector,
  createTunnelConnector,
  type UndiciConnector,
} from "./undici-connector.js";
import { withoutHost } from "./without-host.js";
import { UndiciExchange } from "./undici-exchange.js";

/** Returns a function that sends a request and collects its response, over connections with these options. */
export const createUndiciSend: (options: SenderOptions) => HttpSend = shareSenders(
  ({ connectTimeoutMs, maxConnections, proxy, tls }) => {
    if (proxy === undefined) {
      const connect = createDirectConnector(connectTimeoutMs, tls);
      return createSender(maxConnections, connect, toTarget);
    }
    const tunnelled = createSender(
      maxConnections,
      createTunnelConnector(proxy, connectTimeoutMs, tls),
      toTarget,
    );
    const forwarded = createSender(
      maxConnections,
      createProxyConnector(proxy, connectTimeoutMs, tls),
      (request) => toProxyTarget(request, proxy),
    );
    return async (request) => {
      if (request.url.startsWith("https:")) {
        return await tunnelled(request);
      }
      const response = await forwarded(request);
      if (response.status === 407) {
        throw createProxyError(proxy, formatHostWithPort(new URL(request.url)), {
          status: response.status,
        });
      }
      return response;
    };
  },
);

/** The origin that gets a connection, and the parts of a request that depend on it. */
interface RequestTarget {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The server name of TLS, for a request with a `Host` header, from which undici would take it. */
  readonly servername?: string;
}

function toTarget({ url, headers }: HttpRequest): RequestTarget {
  const { origin, hostname, pathname, search } = new URL(url);
  const target = { origin, path: pathname + search, headers };
  return headers["host"] === undefined ? target : { ...target, servername: serverNameOf(hostname) };
}

/**
 * Addresses a request for an `http:` URL to a proxy, with the whole URL as its path (RFC 9112, section 3.2.2). CONNECT would need no
 * such form, but most proxies allow it to port 443 only.
 */
function toProxyTarget({ url, headers }: HttpRequest, proxy: URL): RequestTarget {
  const { host } = new URL(url);
  return {
    origin: proxy.origin,
    path: url,
    headers: { host, ...withoutHost(headers), ...createProxyHeaders(proxy) },
  };
}

function createSender(
  maxConnections: number,
  connect: UndiciConnector,
  findTarget: (request: HttpRequest) => RequestTarget,
): HttpSend {
  const attempts = new ConnectionAttempts();
  const agent = createUndiciAgent(maxConnections, connect, attempts);
  // A queue in front of the agent. The agent's own queue keeps calls that have ended, and opens connections beyond the limit
  // after some have failed.
  const queues = new Map<string, ConnectionQueue>();
  return (request) => {
    const { origin, path, headers, servername } = findTarget(request);
    let queue = queues.get(origin);
    if (queue === undefined) {
      queue = new ConnectionQueue(maxConnections);
      queues.set(origin, queue);
    }
    // No spread here: undici takes longer to read the properties of an object that a spread created (`npm run bench`, JSON).
    const options = {
      origin,
      path,
      method: request.method,
      headers,
      body: request.body ?? null,
      servername,
    };
    return attempts.trackRequest(dispatch(agent, queue, request, options));
  };
}

function dispatch(
  agent: Dispatcher,
  queue: ConnectionQueue,
  request: HttpRequest,
  options: Dispatcher.DispatchOptions,
): Promise<RestResponse> {
  return new Promise((resolve, reject) => {
    const exchange = new UndiciExchange(request, queue, resolve, reject);
    exchange.begin(() => agent.dispatch(options, exchange));
  });
}
