import { type DescMethodUnary, type Message, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { createExpiredDeadlineError, fastestResponseMs } from "./deadline-errors.js";
import { decodeRequest } from "../gateway/decode-request.js";
import { createErrorRegistry } from "../../rest/error-registry.js";
import { encodeErrorResponse } from "../../rest/encode-error-response.js";
import { encodeResponse } from "../../rest/encode-response.js";
import { createAllowOriginHeaders, createExposeHeaders, restExposedHeaders } from "./cors.js";
import type { CallHandler } from "./decoded-call.js";
import { maxMessageBytes, createMessageTooLargeError } from "./grpc-frame.js";
import { isGrpcTimeout, parseGrpcTimeout } from "./grpc-timeout.js";
import {
  findFirstHeader,
  type HeaderField,
  type HeaderList,
  type WireRequest,
  type WireResponse,
} from "./http-message.js";
import { createV2HopHeaders, isV2Service, v2HopSuccessHeaders } from "./v2-service.js";
import { createNoStoreHeaders } from "./no-store-headers.js";
import { plainEndpoints } from "./plain-endpoints.js";
import { cleanPath, decodePath } from "./request-path.js";
import { readRequestedOrigin } from "./requested-host.js";
import { matchRoute, methodNotAllowedError, splitGatewayPath } from "./rest-routes.js";

/** The headers of successful REST responses. The cookie clears the mark of an exhausted quota. */
export const quotaHeaders: HeaderList = [
  ["set-cookie", "zitadel.quota.exhausted=; Path=/; Max-Age=0; SameSite=Lax"],
  ["vary", "Cookie"],
];

/**
 * The headers of REST responses with code 8. ZITADEL treats every code 8 as an exhausted quota, even that of a message that is
 * too long.
 */
const quotaExhaustedHeaders: HeaderList = [
  ["set-cookie", "zitadel.quota.exhausted=true; Path=/; Max-Age=300; SameSite=Lax"],
  ["vary", "Cookie"],
  ["grpcgateway-content-type", "application/grpc"],
];

const registry = createErrorRegistry();

/** Serves the REST gateway, and the few plain endpoints beside it. */
export async function serveRestGateway(
  request: WireRequest,
  handleCall: CallHandler,
  requestId: string,
): Promise<WireResponse> {
  const [rawPath = "", query = ""] = request.target.split("?", 2);
  const path = decodePath(rawPath);
  const clean = cleanPath(path);
  if (clean !== path) {
    const location = encodeURI(clean) + (query && `?${query}`);
    return { status: 301, headers: [["location", location]] };
  }
  const plainResponse = plainEndpoints[`${request.method} ${path}`];
  if (plainResponse !== undefined) {
    return plainResponse;
  }
  const headers: HeaderField[] = [
    ["vary", "Origin"],
    ["x-request-id", requestId],
    ...createAllowOriginHeaders(request),
    ...createExposeHeaders(request, restExposedHeaders),
  ];
  try {
    const body = await callThroughGateway(request, path, handleCall, headers);
    return {
      status: 200,
      headers: [...headers, ...quotaHeaders, ["content-type", "application/json"]],
      body,
    };
  } catch (reason) {
    const error = ConnectError.from(reason, Code.Internal);
    const { status, headers: errorHeaders, body } = encodeErrorResponse(error, registry);
    return {
      // ZITADEL sends 405, its own status, for a path that exists under another verb.
      status: error === methodNotAllowedError ? 405 : status,
      headers: [
        ...headers,
        ...(error.code === Code.ResourceExhausted ? quotaExhaustedHeaders : []),
        ...Object.entries(errorHeaders),
      ],
      body: new TextEncoder().encode(body),
    };
  }
}

/**
 * Carries out one call through the gateway: routes it, decodes it, and passes it to the services. Adds the headers of the layers
 * that the call reaches to `headers`.
 */
async function callThroughGateway(
  request: WireRequest,
  path: string,
  handleCall: CallHandler,
  headers: HeaderField[],
): Promise<Uint8Array<ArrayBuffer>> {
  const gatewayPath = splitGatewayPath(path);
  const query = new URLSearchParams(request.target.split("?", 2)[1]);
  const form = parseOverrideForm(request);
  const override =
    form && findFirstHeader(request.headers, "x-http-method-override")?.toUpperCase();
  const verb = override || request.method;
  const { route, variables } = matchRoute(gatewayPath, verb, form !== undefined);
  const message = decodeRequest(route.rest, route.binding, {
    variables,
    query: new URLSearchParams([...(form ?? []), ...query]),
    contentType: findFirstHeader(request.headers, "content-type") ?? "",
    body: request.body,
  });
  checkGatewayHop(request.headers, path, route.method, message);
  const isV2 = isV2Service(route.method.parent.typeName);
  headers.push(...(isV2 ? createV2HopHeaders() : createHopHeaders()));
  const response = await handleCall({
    method: route.method,
    message,
    metadata: toMetadata(request.headers),
    authority: request.authority,
    origin: readRequestedOrigin(request),
    timeoutMs: parseGrpcTimeout(findFirstHeader(request.headers, "grpc-timeout")),
  });
  headers.push(...(isV2 ? v2HopSuccessHeaders : []));
  return encodeResponse(route.rest, route.binding, response).data;
}

/**
 * Parses a form, with which old clients of grpc-gateway replace another verb. Its fields count as query parameters.
 *
 * Returns `undefined` if the request has no form.
 */
function parseOverrideForm({ method, headers, body }: WireRequest): URLSearchParams | undefined {
  return method === "POST" &&
    findFirstHeader(headers, "content-type") === "application/x-www-form-urlencoded"
    ? new URLSearchParams(new TextDecoder().decode(body))
    : undefined;
}

/** Throws the errors of the gRPC hop between the gateway and the services, which come before the check of the token. */
function checkGatewayHop(
  headers: HeaderList,
  path: string,
  { input }: DescMethodUnary,
  message: Message,
): void {
  const timeout = findFirstHeader(headers, "grpc-timeout");
  if (timeout !== undefined) {
    if (!isGrpcTimeout(timeout)) {
      throw new ConnectError(`invalid grpc-timeout: ${timeout}`, Code.InvalidArgument);
    }
    if (parseGrpcTimeout(timeout) < fastestResponseMs) {
      throw createExpiredDeadlineError();
    }
  }
  if (/[^\x20-\x7e]/.test(path)) {
    throw new ConnectError(
      'header key "zitadel-activity-path" contains value with non-printable ASCII characters',
      Code.Internal,
    );
  }
  const { length } = toBinary(input, message);
  if (length > maxMessageBytes) {
    throw createMessageTooLargeError(length);
  }
}

/** Creates the headers that the gateway adds to the responses of the services. */
function createHopHeaders(): HeaderField[] {
  return [
    ...createNoStoreHeaders(),
    ["grpcgateway-cache-control", "no-store"],
    ["grpcgateway-content-type", "application/grpc"],
    ["grpcgateway-pragma", "no-cache"],
  ];
}

/** Returns the request headers that the gateway passes to the services as metadata. */
function toMetadata(headers: HeaderList): HeaderList {
  return headers.flatMap(([name, value]): HeaderField[] => {
    if (name.startsWith("grpc-metadata-")) {
      return [[name.slice("grpc-metadata-".length), value]];
    }
    const isForwarded =
      ["authorization", "accept-language", "forwarded", "x-forwarded-host"].includes(name) ||
      name.startsWith("x-zitadel-");
    return isForwarded ? [[name, value]] : [];
  });
}
