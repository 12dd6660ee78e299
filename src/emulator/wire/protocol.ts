import { gatewayPrefixes } from "../../rest/gateway-prefixes.js";
import { first, type WireRequest } from "./exchange.js";
import { grpcContentType } from "./grpc.js";
import { grpcWebContentType } from "./grpc-web.js";

/**
 * The wire protocol of a request. `"other"` stands for requests that are not calls of an RPC: CORS preflights, health checks,
 * tokens.
 */
export type WireProtocol = "grpc" | "grpc-web" | "json" | "other";

/** Returns the wire protocol of a request by the server's rules. */
export function protocolOf({ method, httpVersion, headers, target }: WireRequest): WireProtocol {
  const contentType = first(headers, "content-type") ?? "";
  if (method === "POST" && httpVersion === 2 && grpcContentType.test(contentType)) {
    return "grpc";
  }
  if (method === "POST" && grpcWebContentType.test(contentType)) {
    return "grpc-web";
  }
  const isGateway = Object.values(gatewayPrefixes).some((prefix) => target.startsWith(prefix));
  return isGateway && method !== "OPTIONS" ? "json" : "other";
}
