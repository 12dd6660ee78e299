/**
 * The gRPC transport alone, for Node.js, Bun and Deno.
 *
 * @module
 */
import { rejectSocketOptions } from "./transport/socket/reject-socket-options.js";
import type { Transport } from "@connectrpc/connect";
import { createGrpcTransportOver } from "./transport/grpc.js";
import type { GrpcTransportOptions } from "./transport/grpc-transport-options.js";
import { Http2SessionManager } from "./transport/http2/http2-session-manager.js";

export { compressionGzip } from "./transport/compression-gzip.js";
export type { GrpcTransportOptions } from "./transport/grpc-transport-options.js";
export { Http2SessionManager } from "./transport/http2/http2-session-manager.js";
export type { Http2SessionOptions } from "./transport/http2/http2-session-options.js";

/**
 * Creates a Connect transport for unary RPCs with gRPC over HTTP/2, for Node.js, Bun and Deno. All RPCs of this package are
 * unary. The connection opens with the first call.
 *
 * For unary RPCs, it does the same as connect-node's transport at a fraction of the cost: it writes one frame and reads one,
 * whereas connect-node pipes through iterators for any number of messages. A streaming RPC fails with `unimplemented`. Throws a
 * TypeError if an option is invalid.
 *
 * @example
 * const transport = createGrpcTransport({ baseUrl: "https://acme.zitadel.cloud", interceptors: [auth(token)] });
 * const admin = createAdminClient(transport);
 */
export function createGrpcTransport(options: GrpcTransportOptions): Transport {
  checkConflicts(options);
  const { baseUrl, nodeOptions } = options;
  const sessions = options.sessionManager ?? new Http2SessionManager(baseUrl, options, nodeOptions);
  return createGrpcTransportOver(sessions, options);
}

/** Throws a TypeError if an option for sockets has no effect, because another option opens the connection. */
function checkConflicts({ sessionManager, nodeOptions, proxy, tls }: GrpcTransportOptions): void {
  if (sessionManager !== undefined) {
    rejectSocketOptions({ proxy, tls }, "has no effect with sessionManager; set it there");
  }
  if (nodeOptions?.createConnection !== undefined) {
    rejectSocketOptions({ proxy, tls }, "has no effect with nodeOptions.createConnection");
  }
}
