import { lazy, lazyTransport } from "../call/lazy.js";
import {
  type Connection,
  type ConnectionOptions,
  lazyConnectionless,
} from "../transport/connection.js";
import { createFetch } from "../transport/http/create-fetch.js";
import { createFetchSend } from "../transport/http/fetch-send.js";
import type { LoadOtherServices } from "../transport/json-settings.js";
import { createNodeSend } from "../transport/http/node-send.js";
import type { HttpSend } from "../transport/http/http.js";
import { createLazyAdminClient, createLazyManagementClient } from "./lazy-services.js";
import type { Runtime } from "./runtime.js";

/** The runtime for Node.js, and for Bun and Deno, which offer its modules. Each transport is loaded with its first call. */
export const runtime: Runtime = {
  name: "Bun" in globalThis ? "Bun" : "Deno" in globalThis ? "Deno" : "Node.js",
  defaultProtocol: "grpc",
  protocols: {
    grpc: openGrpcConnection,
    "grpc-web": lazyConnectionless(async () => {
      const { createGrpcWebTransportOver } = await import("../transport/grpc-web.js");
      return (options, policy) =>
        createGrpcWebTransportOver(createSendFor(options), options, policy);
    }),
    json: lazyConnectionless(async () => {
      const { createJsonTransportOver } = await import("../transport/json.js");
      return (options, policy) =>
        createJsonTransportOver(createSendFor(options), options, { policy, loadOtherServices });
    }),
  },
  sockets: {
    createFetch: (options) => createFetch(createNodeSend(options), options.readMaxBytes),
  },
  createManagementClient: createLazyManagementClient,
  createAdminClient: createLazyAdminClient,
};

function createSendFor(options: ConnectionOptions): HttpSend {
  return options.fetch === undefined ? createNodeSend(options) : createFetchSend(options.fetch);
}

const loadOtherServices: LoadOtherServices = () => import("../rest/other-services.js");

/** Opens a gRPC connection: one HTTP/2 connection for all transports. It opens with the first call. */
function openGrpcConnection({
  baseUrl,
  connectTimeoutMs,
  readMaxBytes,
}: ConnectionOptions): Connection {
  let isClosing = false;
  const loaded = lazy(async () => {
    const [{ createGrpcTransportOver }, { Http2SessionManager }] = await Promise.all([
      import("../transport/grpc.js"),
      import("../transport/http2/http2-session-manager.js"),
    ]);
    const sessions = new Http2SessionManager(baseUrl, { connectTimeoutMs });
    if (isClosing) {
      sessions.stopConnecting();
    }
    return { createGrpcTransportOver, sessions };
  });
  return {
    createTransport: (interceptors, policy) =>
      lazyTransport(async () => {
        const { createGrpcTransportOver, sessions } = await loaded.load();
        return createGrpcTransportOver(sessions, { baseUrl, interceptors, readMaxBytes }, policy);
      }),
    stopConnecting: () => {
      isClosing = true;
      loaded.now?.sessions.stopConnecting();
    },
    close: () => loaded.now?.sessions.abort(),
  };
}

export { createNodeSend as createSend } from "../transport/http/node-send.js";
