import { lazy, lazyTransport } from "../call/lazy.js";
import { lazyServices } from "./lazy-services.js";
import type { Connection, ConnectionOptions, Runtime } from "./runtime.js";
import { lazyWire } from "./wires.js";

/** Creates a gRPC connection: one HTTP/2 connection for all transports. It opens with the first call. */
function grpc({ baseUrl, connectTimeoutMs, readMaxBytes }: ConnectionOptions): Connection {
  let isClosing = false;
  const loaded = lazy(async () => {
    const { createGrpcTransport, Http2SessionManager } = await import("../transport/grpc.js");
    const sessionManager = new Http2SessionManager(baseUrl, { connectTimeoutMs });
    if (isClosing) {
      sessionManager.stopConnecting();
    }
    return { createGrpcTransport, sessionManager };
  });
  return {
    transport: (interceptors) =>
      lazyTransport(async () => {
        const { createGrpcTransport, sessionManager } = await loaded.load();
        return createGrpcTransport({ baseUrl, sessionManager, interceptors, readMaxBytes });
      }),
    stopConnecting: () => {
      isClosing = true;
      loaded.now?.sessionManager.stopConnecting();
    },
    close: () => loaded.now?.sessionManager.abort(),
  };
}

/** The runtime for Node.js, and for Bun and Deno, which offer its modules. */
export const runtime: Runtime = {
  name: "Bun" in globalThis ? "Bun" : "Deno" in globalThis ? "Deno" : "Node.js",
  defaultProtocol: "grpc",
  wires: {
    grpc,
    "grpc-web": lazyWire(
      async () => (await import("../transport/grpc-web.js")).createGrpcWebTransport,
    ),
    json: lazyWire(async () => (await import("../transport/json.js")).createJsonTransport),
  },
  services: lazyServices,
  prepareForFailure: (protocol) => {
    const parts = [import("#failures"), ...(protocol === "json" ? [import("#json-failure")] : [])];
    // Ignore a failed preload: the next failing call imports the module again and reports the error.
    Promise.all(parts).catch(() => undefined);
  },
};
