import { createNoStoreHeaders } from "./no-store-headers.js";
import type { HeaderField, HeaderList } from "./http-message.js";

/** Returns true for a v2 service, such as `zitadel.user.v2.UserService`. */
export function isV2Service(name: string): boolean {
  const [vendor, ...parts] = name.split(".");
  return vendor === "zitadel" && parts.some((part) => part === "v2" || part === "v2beta");
}

/** Returns true for a path of a v2 service over gRPC or gRPC-web. */
export function isV2ServicePath(target: string): boolean {
  return isV2Service(target.split("/")[1] ?? "");
}

/** The headers of all responses of v2 services over gRPC and gRPC-web. The server serves them with another library. */
export const v2ServiceHeaders: HeaderList = [
  ["grpc-accept-encoding", "gzip"],
  ["vary", "Origin"],
];

/** Creates the headers that only successful responses of v2 services have. */
export function createV2SuccessHeaders(requestId: string): HeaderField[] {
  return [...createNoStoreHeaders(), ["x-request-id", requestId]];
}

/** Creates the headers that the gateway adds to all responses of v2 services. */
export function createV2HopHeaders(): HeaderField[] {
  return [
    ["grpcgateway-content-type", "application/grpc"],
    ["grpcgateway-date", new Date().toUTCString()],
  ];
}

/** The headers that the gateway adds to successful responses of v2 services. */
export const v2HopSuccessHeaders: HeaderList = [
  ["grpcgateway-cache-control", "no-store"],
  ["grpcgateway-pragma", "no-cache"],
];
