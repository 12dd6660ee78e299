import type { WireRequest, WireResponse } from "./http-message.js";
import { reflectionProtocols } from "./reflection-protocol.js";

/**
 * The path of server reflection, which generic clients such as grpcurl call for the schema. Both versions use the same messages.
 */
export const reflectionPath: RegExp =
  /^\/grpc\.reflection\.v1(alpha)?\.ServerReflection\/ServerReflectionInfo$/;

/** Creates the response to a request for reflection that cannot become a stream: HTTP/1, another method, or another type. */
export function rejectReflection({ method, httpVersion }: WireRequest): WireResponse {
  if (httpVersion === 1) {
    // HTTP/1 does not send both ways at the same time.
    return { status: 505, headers: [], isLast: true };
  }
  return method === "POST"
    ? { status: 415, headers: [["accept-post", Object.keys(reflectionProtocols).join(", ")]] }
    : { status: 405, headers: [["allow", "POST"]] };
}
