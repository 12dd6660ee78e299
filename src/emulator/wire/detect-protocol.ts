import { gatewayPrefixes } from "../../rest/gateway-prefixes.js";
import { findFirstHeader, type WireRequest } from "./http-message.js";

/** The content types that the server accepts for gRPC: no other suffix, no parameters. All are decoded as protobuf. */
const grpcContentType: RegExp = /^application\/grpc(\+proto|\+json)?$/;

/** The content types that the server accepts for gRPC-web: all with this prefix. */
const grpcWebContentType = /^application\/grpc-web/;

/** The beginnings of all paths of REST. v2 services have no prefix before their annotated paths. */
const gatewayPaths: readonly string[] = [...Object.values(gatewayPrefixes), "/v2/"];

/**
 * The wire protocol of a request. `"other"` stands for calls by the Connect protocol, which only v2 services have, and for
 * requests that are not calls of an RPC: CORS preflights, health checks, tokens.
 */
export type RequestProtocol = "grpc" | "grpc-web" | "json" | "other";

/** Returns the wire protocol of a request by the server's rules. */
export function detectProtocol({
  method,
  httpVersion,
  headers,
  target,
}: WireRequest): RequestProtocol {
  const contentType = findFirstHeader(headers, "content-type") ?? "";
  if (method === "POST" && httpVersion === 2 && grpcContentType.test(contentType)) {
    return "grpc";
  }
  if (method === "POST" && grpcWebContentType.test(contentType)) {
    return "grpc-web";
  }
  const isGateway = gatewayPaths.some((prefix) => target.startsWith(prefix));
  return isGateway && method !== "OPTIONS" ? "json" : "other";
}
