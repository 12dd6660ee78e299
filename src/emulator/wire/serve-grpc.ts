import type { CallHandler } from "./decoded-call.js";
import {
  findFirstHeader,
  type HeaderField,
  type WireRequest,
  type WireResponse,
} from "./http-message.js";
import { isV2ServicePath } from "./v2-service.js";
import { rejectMalformedHeaders } from "./reject-malformed-headers.js";
import { serveUnary } from "./serve-unary.js";

/**
 * Serves a call over gRPC on HTTP/2. The status is always in the trailers, never in the headers, even without a message. grpc-go
 * sends no `date`; v2 services do not use grpc-go.
 */
export async function serveGrpc(
  request: WireRequest,
  handleCall: CallHandler,
  requestId: string,
): Promise<WireResponse> {
  const rejection = rejectMalformedHeaders(request.headers);
  if (rejection !== undefined) {
    return rejection;
  }
  const { headers, frame, trailers, isOpen } = await serveUnary(request, handleCall, requestId);
  const isV2 = isV2ServicePath(request.target);
  return {
    status: 200,
    headers: [
      ["content-type", findFirstHeader(request.headers, "content-type") ?? ""],
      ...(isV2 ? [] : [announcedTrailers]),
      ...headers,
    ],
    ...(frame === undefined ? {} : { body: frame }),
    ...(isOpen ? { isOpen } : { trailers }),
    isStreamed: true,
    isUndated: !isV2,
  };
}

const announcedTrailers: HeaderField = [
  "trailer",
  "Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin",
];
