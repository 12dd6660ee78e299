import { methodsNotEmulated } from "../methods-not-emulated.js";
import { servedMethods } from "../methods.js";
import {
  createPreflightResponse,
  grpcWebCors,
  isPreflight,
  readRequestedHeaders,
  restCors,
} from "./cors.js";
import type { CallHandler } from "./decoded-call.js";
import { detectProtocol } from "./detect-protocol.js";
import {
  type EndpointHandler,
  type HeaderList,
  type WireRequest,
  type WireResponse,
} from "./http-message.js";
import { findHealthMethod } from "./health-service.js";
import { isV2Service, isV2ServicePath } from "./v2-service.js";
import { createPlainTextResponse } from "./plain-text-response.js";
import { reflectionPath, rejectReflection } from "./reject-reflection.js";
import { isMalformedTarget } from "./request-path.js";
import { quotaHeaders, serveRestGateway } from "./rest-gateway.js";
import { serveV2Service } from "./serve-v2-service.js";
import { serveGrpcWeb } from "./serve-grpc-web.js";
import { serveGrpc } from "./serve-grpc.js";

/**
 * Passes a request to the first part that is responsible for it: an endpoint besides the RPCs, CORS, or the wire protocol. Each wire
 * protocol decodes the call, passes it to `handleCall`, and encodes the response.
 */
export async function routeRequest(
  request: WireRequest,
  handleCall: CallHandler,
  handleEndpoint: EndpointHandler,
): Promise<WireResponse> {
  if (isMalformedTarget(request.target)) {
    return createPlainTextResponse(400, "400 Bad Request");
  }
  const requestId = createRequestId();
  const protocol = detectProtocol(request);
  const endpointResponse = handleEndpoint(request, requestId);
  let response: WireResponse;
  if (endpointResponse !== undefined) {
    response = await endpointResponse;
  } else if (isPreflight(request)) {
    response = answerPreflight(request);
  } else if (reflectionPath.test(request.target)) {
    response = rejectReflection(request);
  } else if (isServedV2Path(request.target)) {
    response = await serveV2Service(request, handleCall, requestId);
  } else if (protocol === "grpc") {
    response = await serveGrpc(request, handleCall, requestId);
  } else if (protocol === "grpc-web") {
    response = await serveGrpcWeb(request, handleCall, requestId);
  } else {
    response = await serveRestGateway(request, handleCall, requestId);
  }
  // The server's router redirects before the request reaches the layer that adds this header.
  return response.status === 301 ? response : withHeaders(response, [["x-robots-tag", "none"]]);
}

/** Returns true for a path of a v2 service that the emulator has. */
function isServedV2Path(target: string): boolean {
  return isV2ServicePath(target) && servedMethods.has(target.split("/")[1] ?? "");
}

/** Answers a preflight by the rule of the layer that the request would reach. */
function answerPreflight(request: WireRequest): WireResponse {
  if (isGrpcWebPreflight(request)) {
    return createPreflightResponse(request, grpcWebCors);
  }
  const response = createPreflightResponse(request, restCors);
  return isV2ServicePath(request.target) ? response : withHeaders(response, quotaHeaders);
}

/**
 * Returns true if the gRPC-web layer answers a preflight: only for RPCs that it knows, and only if it recognizes its own client.
 */
function isGrpcWebPreflight(request: WireRequest): boolean {
  const [, service = "", method = ""] = request.target.split("/");
  return (
    readRequestedHeaders(request).includes("x-grpc-web") &&
    !isV2Service(service) &&
    (servedMethods.get(service)?.has(method) === true ||
      methodsNotEmulated[service]?.includes(method) === true ||
      findHealthMethod(request.target) !== undefined)
  );
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
