import {
  defaultConnectTimeoutMs,
  defaultMaxConnections,
} from "../transport/connection-number-rules.js";
import { prepareRequest } from "../call/prepare-request.js";
import { createLazy } from "../call/create-lazy.js";
import { createLazyTransport } from "../call/lazy-transport.js";
import {
  type Connection,
  type ConnectionOptions,
  type CreateTransport,
  adaptLazyTransportFactory,
  type OpenConnection,
} from "../transport/connection.js";
import { createFetch } from "../transport/http/create-fetch.js";
import type { LoadOtherServices } from "../transport/json-settings.js";
import { createNodeSend } from "../transport/http/node-send.js";
import type { HttpSend, SendOptions } from "../transport/http/send-request.js";
import { checkSocketOptions } from "../transport/socket/check-socket-options.js";
import { findProxy } from "../transport/socket/find-proxy.js";
import { listProxySecrets } from "../transport/socket/list-proxy-secrets.js";
import { rejectSocketOptions, ownFetchReason } from "../transport/socket/reject-socket-options.js";
import type { Runtime, SocketFetchOptions, TokenFetchOptions } from "./runtime.js";

/** The runtime for Node.js, and for Bun and Deno, which offer its modules. Each transport is loaded with its first call. */
export const runtime: Runtime = {
  name: ["Bun", "Deno"].find((name) => name in globalThis) ?? "Node.js",
  defaultProtocol: "grpc",
  protocols: {
    grpc: openGrpcConnection,
    "grpc-web": withNodeSend(async (send) => {
      const { createGrpcWebTransportOver } = await import("../transport/grpc-web.js");
      return (options, policy) => createGrpcWebTransportOver(send, options, policy);
    }),
    json: withNodeSend(async (send) => {
      const { createJsonTransportOver } = await import("../transport/json.js");
      return (options, policy) =>
        createJsonTransportOver(send, options, { policy, loadOtherServices });
    }),
  },
  sockets: {
    check: checkSocketOptions,
    listProxySecrets,
    createFetch: createSocketFetch,
  },
};

/**
 * Creates a function like `fetch` for token requests. The issuer of tokens may be on another host than the API, with another proxy or
 * none, so each origin has a sender of its own. Origins other than the API's get only the authorities of the option `tls`: the server
 * name, the client certificate and `rejectUnauthorized` are for the API.
 */
function createSocketFetch({
  http2,
  baseUrl: apiUrl,
  ...options
}: SocketFetchOptions): typeof globalThis.fetch {
  const { tls, ...others } = options;
  const senders = new Map<string, HttpSend>();
  const isApi = (origin: string): boolean => apiUrl === "" || origin === new URL(apiUrl).origin;
  const findSender = (baseUrl: string): HttpSend => {
    const connection = http2?.origin === baseUrl ? { http2 } : {};
    const sender =
      senders.get(baseUrl) ??
      createNodeSend({
        ...others,
        ...connection,
        baseUrl,
        tls: tls === undefined || isApi(baseUrl) ? tls : { ca: tls.ca },
      });
    senders.set(baseUrl, sender);
    return sender;
  };
  if (apiUrl !== "") {
    // Create the sender for the API now, because the environment is read when the client is created.
    findSender(new URL(apiUrl).origin);
  }
  const send: HttpSend = (request) =>
    prepareRequest(() => findSender(new URL(request.url).origin))(request);
  return createFetch(send, options.readMaxBytes);
}

/**
 * Adapts the factory of a transport whose code is loaded with its first call. Its sender is created with the client, because a sender
 * reads the environment.
 */
function withNodeSend(load: (send: HttpSend) => Promise<CreateTransport>): OpenConnection {
  return (options) => {
    const send = createNodeSend(options);
    return adaptLazyTransportFactory(() => load(send))(options);
  };
}

/** Loads the JSON of other services on demand: it includes google/protobuf/descriptor.proto. */
const loadOtherServices: LoadOtherServices = () => import("../rest/other-services.js");

/** Opens a gRPC connection: one HTTP/2 connection for all transports. It opens with the first call. */
function openGrpcConnection({
  baseUrl,
  connectTimeoutMs,
  readMaxBytes,
  ...options
}: ConnectionOptions): Connection {
  let isClosing = false;
  const proxy = findProxy(baseUrl, options.proxy) ?? false;
  const loaded = createLazy(async () => {
    // Load the transport with its first call, so that a process with another wire protocol starts faster.
    const [{ createGrpcTransportOver }, { Http2SessionManager }] = await Promise.all([
      import("../transport/grpc.js"),
      import("../transport/http2/http2-session-manager.js"),
    ]);
    const sessions = new Http2SessionManager(baseUrl, {
      connectTimeoutMs,
      proxy,
      tls: options.tls,
    });
    if (isClosing) {
      sessions.stopConnecting();
    }
    return { createGrpcTransportOver, sessions };
  });
  return {
    createTransport: (interceptors, policy) =>
      createLazyTransport(async () => {
        const { createGrpcTransportOver, sessions } = await loaded.load();
        return createGrpcTransportOver(sessions, { baseUrl, interceptors, readMaxBytes }, policy);
      }),
    http2: {
      origin: new URL(baseUrl).origin,
      send: async (request) => {
        // Load this sender on demand: only token requests to a server without HTTP/1 need it.
        const [{ createHttp2Send }, { sessions }] = await Promise.all([
          import("../transport/http/http2-send.js"),
          loaded.load(),
        ]);
        return await createHttp2Send(sessions)(request);
      },
    },
    stopConnecting: () => {
      isClosing = true;
      loaded.value?.sessions.stopConnecting();
    },
    close: () => loaded.value?.sessions.abort(),
  };
}

/** Creates the function that sends HTTP/1 requests. */
export function createSend(options: SendOptions): HttpSend {
  if (options.fetch === undefined) {
    checkSocketOptions(options.baseUrl, options);
  } else {
    rejectSocketOptions(options, ownFetchReason);
  }
  return createNodeSend(options);
}

/** Creates the function that sends the requests of a token source. Its proxy is found with the first request to each origin. */
export function createTokenFetch({
  allowInsecureAuth,
  ...options
}: TokenFetchOptions): typeof globalThis.fetch {
  checkSocketOptions(undefined, options, allowInsecureAuth === true);
  return createSocketFetch({
    ...options,
    baseUrl: "",
    connectTimeoutMs: defaultConnectTimeoutMs,
    maxConnections: defaultMaxConnections,
  });
}
