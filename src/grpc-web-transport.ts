/**
 * The gRPC-web transport alone.
 *
 * @module
 */
import type { Transport } from "@connectrpc/connect";
import { createSend } from "#runtime";
import { createGrpcWebTransportOver, type GrpcWebTransportOptions } from "./transport/grpc-web.js";

export type { GrpcWebTransportOptions } from "./transport/grpc-web.js";

/**
 * Creates a Connect transport for unary RPCs with gRPC-web. All RPCs of this package are unary.
 *
 * The transport only needs the binary form of messages, which makes a bundle a third smaller than with connect-web's transport,
 * whose options include JSON. Compression is left to HTTP. A streaming RPC fails with `unimplemented`. ZITADEL, the runtimes and
 * proxies require some other differences from connect-web:
 *
 * - In a browser, only the client enforces the deadline: ZITADEL's CORS rule for gRPC-web rejects the `grpc-timeout` header, and
 * the browser would not send the call.
 * - A redirect is detected in the response instead of by `redirect: "error"`, which workerd does not support.
 * - A response of another content type is reported as such, whereas connect-web would parse a web page as frames.
 * - An unreachable network is `unavailable`, as with the other wire protocols, and not `unknown`.
 *
 * Throws a TypeError if an option is invalid.
 *
 * @example
 * const transport = createGrpcWebTransport({ baseUrl: "https://acme.zitadel.cloud", interceptors: [auth(token)] });
 * const admin = createAdminClient(transport);
 */
export function createGrpcWebTransport(options: GrpcWebTransportOptions): Transport {
  return createGrpcWebTransportOver(createSend(options), options);
}
