/**
 * gRPC over HTTP/2 for Node.js, Bun and Deno: connect-node's transport as it is. It opens its connection with the first
 * call. To close the connection, make an `Http2SessionManager` and pass it as `sessionManager`.
 */
export { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
export type { GrpcTransportOptions } from "@connectrpc/connect-node";
