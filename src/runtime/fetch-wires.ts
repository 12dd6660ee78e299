import { createGrpcWebTransport } from "../transport/grpc-web.js";
import { createJsonTransport } from "../transport/json.js";
import type { Connection, ConnectionOptions } from "./runtime.js";

const nothingToClose = (): void => undefined;

/** gRPC-web over `fetch`, which keeps its own connections. */
export function grpcWeb(options: ConnectionOptions): Connection {
  return {
    transport: (interceptors) => createGrpcWebTransport({ ...options, interceptors }),
    close: nothingToClose,
  };
}

/** ZITADEL's REST gateway over `fetch`, which keeps its own connections. */
export function json(options: ConnectionOptions): Connection {
  return {
    transport: (interceptors) => createJsonTransport({ ...options, interceptors }),
    close: nothingToClose,
  };
}
