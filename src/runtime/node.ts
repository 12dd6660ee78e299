import { createGrpcTransport, Http2SessionManager } from "../transport/grpc.js";
import { grpcWeb, json } from "./fetch-wires.js";
import type { Connection, ConnectionOptions, Runtime } from "./runtime.js";

/** gRPC on one HTTP/2 connection, which all transports share. It opens with the first call. */
function grpc({ baseUrl }: ConnectionOptions): Connection {
  const sessionManager = new Http2SessionManager(baseUrl);
  return {
    transport: (interceptors) =>
      createGrpcTransport({
        baseUrl,
        sessionManager,
        interceptors,
      }),
    close: () => sessionManager.abort(),
  };
}

/** Node.js, and what offers its modules: Bun and Deno. */
export const runtime: Runtime = {
  name: "Bun" in globalThis ? "Bun" : "Deno" in globalThis ? "Deno" : "Node.js",
  defaultProtocol: "grpc",
  wires: { grpc, "grpc-web": grpcWeb, json },
};
