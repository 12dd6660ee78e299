import { methods } from "../methods.js";
import { grpcWebCors, isPreflight, preflight, restCors } from "./cors.js";
import {
  first,
  type HeaderList,
  type ServeBeside,
  type WireRequest,
  type WireResponse,
} from "./exchange.js";
import { serveGrpc } from "./grpc.js";
import { serveGrpcWeb } from "./grpc-web.js";
import { protocolOf } from "./protocol.js";
import { isMalformedTarget, plainText, quotaCookie, serveRest } from "./rest.js";
import type { Answer } from "./unary.js";

/** Serves a request over the wire protocol that the server's rules select. */
export async function route(
  request: WireRequest,
  answer: Answer,
  serveBeside: ServeBeside,
): Promise<WireResponse> {
  if (isMalformedTarget(request.target)) {
    return plainText(400, "400 Bad Request");
  }
  const requestId = createRequestId();
  const protocol = protocolOf(request);
  const beside = serveBeside(request, requestId);
  let response: WireResponse;
  if (beside !== undefined) {
    response = await beside;
  } else if (isPreflight(request)) {
    response = isGrpcWebPreflight(request)
      ? preflight(request, grpcWebCors)
      : withHeaders(preflight(request, restCors), quotaCookie);
  } else if (protocol === "grpc") {
    response = await serveGrpc(request, answer, requestId);
  } else if (protocol === "grpc-web") {
    response = await serveGrpcWeb(request, answer, requestId);
  } else {
    response = await serveRest(request, answer, requestId);
  }
  return withHeaders(response, [["x-robots-tag", "none"]]);
}

/**
 * Returns true if the gRPC-web layer answers a preflight: only for RPCs that it knows, and only if it recognizes its own client.
 */
function isGrpcWebPreflight({ headers, target }: WireRequest): boolean {
  const asked = first(headers, "access-control-request-headers") ?? "";
  const [, service = "", method = ""] = target.split("/");
  return asked.split(/, ?/).includes("x-grpc-web") && methods.get(service)?.has(method) === true;
}

function withHeaders(response: WireResponse, headers: HeaderList): WireResponse {
  return { ...response, headers: [...response.headers, ...headers] };
}

/** Creates a request id of twenty characters, in the server's format. */
function createRequestId(): string {
  const alphabet = "0123456789abcdefghijklmnopqrstuv";
  return [...crypto.getRandomValues(new Uint8Array(20))]
    .map((byte) => alphabet[byte % 32])
    .join("");
}
