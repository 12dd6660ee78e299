import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import { concatBytes } from "../../utils/concat-bytes.js";
import { createAllowOriginHeaders, createExposeHeaders, restExposedHeaders } from "./cors.js";
import type { CallHandler } from "./decoded-call.js";
import { isLeftUnread } from "./grpc-frame.js";
import { encodeTrailerFrame } from "./grpc-trailers.js";
import { findFirstHeader, type WireRequest, type WireResponse } from "./http-message.js";
import { isV2ServicePath } from "./v2-service.js";
import { rejectMalformedHeaders } from "./reject-malformed-headers.js";
import { serveUnary } from "./serve-unary.js";

/**
 * Serves a call over gRPC-web, binary or text. An error has no body: its status is in the HTTP headers. As over gRPC, the response has
 * no `date`, although the list of exposed headers names it.
 */
export async function serveGrpcWeb(
  request: WireRequest,
  handleCall: CallHandler,
  requestId: string,
): Promise<WireResponse> {
  const contentType = findFirstHeader(request.headers, "content-type") ?? "";
  const isText = contentType.startsWith("application/grpc-web-text");
  const rejection = rejectMalformedHeaders(request.headers);
  if (rejection !== undefined) {
    // The server appends the head of a trailer frame to the text, and never sends the frame itself.
    const frameHead = encodeTrailerFrame([]);
    return exposeAllHeaders(request, {
      ...rejection,
      body: concatBytes([rejection.body ?? new Uint8Array(), frameHead]),
    });
  }
  const decoded = isText ? { ...request, body: decodeBase64Pieces(request.body) } : request;
  const { headers, frame, trailers, isOpen } = await serveUnary(decoded, handleCall, requestId);
  const response: WireResponse = {
    status: 200,
    headers: [["content-type", contentType], ...headers],
    isUndated: true,
  };
  if (frame === undefined) {
    return exposeAllHeaders(request, {
      ...response,
      headers: [...response.headers, ...trailers],
      isLast: isLeftUnread(decoded.body),
    });
  }
  const frames = isOpen ? [frame] : [frame, encodeTrailerFrame(trailers)];
  return exposeAllHeaders(request, { ...response, body: encodeFrames(frames, isText), isOpen });
}

/** Encodes the frames of a body. The text format encodes each frame in base64. */
function encodeFrames(
  frames: readonly Uint8Array<ArrayBuffer>[],
  isText: boolean,
): Uint8Array<ArrayBuffer> {
  return concatBytes(
    isText ? frames.map((frame) => new TextEncoder().encode(base64Encode(frame))) : frames,
  );
}

/** Adds the headers that let a browser read every response header. v2 services expose those that REST exposes. */
function exposeAllHeaders(request: WireRequest, response: WireResponse): WireResponse {
  if (isV2ServicePath(request.target)) {
    return {
      ...response,
      headers: [
        ...response.headers,
        ...createAllowOriginHeaders(request),
        ...createExposeHeaders(request, restExposedHeaders),
      ],
      isStreamed: true,
      isUndated: false,
    };
  }
  const headers = [
    ["vary", "Origin"] as const,
    ...createAllowOriginHeaders(request),
    ...response.headers,
  ];
  const addedLater = response.status === 200 ? ["date", "x-robots-tag"] : ["x-robots-tag"];
  const names = new Set([
    ...headers.map(([name]) => name),
    ...addedLater,
    "grpc-status",
    "grpc-message",
  ]);
  return {
    ...response,
    headers: [...headers, ["access-control-expose-headers", [...names].join(", ")]],
    isStreamed: true,
  };
}

/** Decodes the text format: base64 in pieces, each with its own padding. Invalid base64 ends the body. */
function decodeBase64Pieces(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const pieces = new TextDecoder().decode(body).match(/[^=]+=*/g) ?? [];
  const decoded: Uint8Array[] = [];
  try {
    for (const piece of pieces) {
      decoded.push(base64Decode(piece));
    }
  } catch {
    // The frame is then too short, and `readGrpcFrame` rejects it.
  }
  return concatBytes(decoded);
}
