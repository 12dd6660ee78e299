/**
 * The JSON transport alone, for services with google.api.http rules.
 *
 * @module
 */
import type { Transport } from "@connectrpc/connect";
import { createSend } from "#runtime";
import { createJsonTransportOver, type JsonTransportOptions } from "./transport/json.js";

export type { JsonTransportOptions } from "./transport/json.js";

/**
 * Creates a Connect transport for services with google.api.http rules: plain HTTP requests with JSON, as grpc-gateway serves
 * them. It works where neither gRPC nor gRPC-web is available, and is not the Connect protocol.
 *
 * It supports unary and server-streaming RPCs. Redirects are not followed. Throws a TypeError if an option is invalid. Calls fail
 * with
 *
 * - `unimplemented` if the method has no rule or streams its requests,
 * - `internal` if its rule is invalid,
 * - `invalid_argument` if a message does not fit the rule (nothing is sent then),
 * - `unavailable` if the server cannot be reached,
 * - and otherwise with the server's error.
 *
 * @example
 * const transport = createJsonTransport({ baseUrl: "https://acme.zitadel.cloud", interceptors: [auth(token)] });
 * const admin = createAdminClient(transport);
 */
export function createJsonTransport(options: JsonTransportOptions): Transport {
  return createJsonTransportOver(createSend(options), options, {
    // Loaded on demand: it includes google/protobuf/descriptor.proto.
    loadOtherServices: () => import("./rest/other-services.js"),
  });
}
