import type { CallHandler } from "./decoded-call.js";
import { findMethod } from "./find-method.js";
import { findFirstHeader, type WireRequest, type WireResponse } from "./http-message.js";
import { acceptedContentTypes, findV2ContentType } from "./v2-content-types.js";
import { createPlainTextResponse } from "./plain-text-response.js";
import { serveConnect } from "./serve-connect.js";
import { serveGrpcWeb } from "./serve-grpc-web.js";
import { serveGrpc } from "./serve-grpc.js";

/**
 * Serves a request to a path of a v2 service by the rules of connect-go: the content type selects the protocol, and only POST
 * is allowed.
 */
export async function serveV2Service(
  request: WireRequest,
  handleCall: CallHandler,
  requestId: string,
): Promise<WireResponse> {
  const method = findMethod(request.target);
  const contentType = findV2ContentType(findFirstHeader(request.headers, "content-type"));
  if (method === undefined) {
    return notFoundPage;
  }
  if (request.method !== "POST") {
    return { status: 405, headers: [varyByOrigin, ["allow", "POST"]] };
  }
  switch (contentType?.protocol) {
    case "connect":
      return await serveConnect(
        request,
        { method, codec: contentType.codec },
        handleCall,
        requestId,
      );
    case "grpc-web":
      return await serveGrpcWeb(request, handleCall, requestId);
    case "grpc":
      // The emulator sends no trailers over HTTP/1.
      return request.httpVersion === 2
        ? await serveGrpc(request, handleCall, requestId)
        : notFoundPage;
    default:
      return { status: 415, headers: [varyByOrigin, ["accept-post", acceptedContentTypes]] };
  }
}

const varyByOrigin = ["vary", "Origin"] as const;

const plainNotFound = createPlainTextResponse(404, "404 page not found\n");
/** The page of Go's HTTP library. */
const notFoundPage: WireResponse = {
  ...plainNotFound,
  headers: [varyByOrigin, ["x-content-type-options", "nosniff"], ...plainNotFound.headers],
};
