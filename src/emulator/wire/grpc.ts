import { first, type WireRequest, type WireResponse } from "./exchange.js";
import { type Answer, callUnary, refuseMalformed } from "./unary.js";

/** The content types that the server accepts for gRPC: no other suffix, no parameters. All are decoded as protobuf. */
export const grpcContentType: RegExp = /^application\/grpc(\+proto|\+json)?$/;

/** Serves a call over gRPC on HTTP/2. The status is always in the trailers, never in the headers, even without a message. */
export async function serveGrpc(
  request: WireRequest,
  answer: Answer,
  requestId: string,
): Promise<WireResponse> {
  const refused = refuseMalformed(request.headers);
  if (refused !== undefined) {
    return refused;
  }
  const { headers, frame, status } = await callUnary(request, answer, requestId);
  return {
    status: 200,
    headers: [
      ["content-type", first(request.headers, "content-type") ?? ""],
      ["trailer", "Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin"],
      ...headers,
    ],
    ...(frame === undefined ? {} : { body: frame }),
    trailers: status,
  };
}
