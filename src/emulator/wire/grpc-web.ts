import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { trailerFlag } from "@connectrpc/connect/protocol-grpc-web";
import { allowOrigin } from "./cors.js";
import { first, type HeaderList, type WireRequest, type WireResponse } from "./exchange.js";
import { type Answer, callUnary, refuseMalformed } from "./unary.js";

/** The content types that the server accepts for gRPC-web: all with this prefix. */
export const grpcWebContentType: RegExp = /^application\/grpc-web/;

/** Serves a call over gRPC-web, binary or text. An error has no body: its status is in the HTTP headers. */
export async function serveGrpcWeb(
  request: WireRequest,
  answer: Answer,
  requestId: string,
): Promise<WireResponse> {
  const contentType = first(request.headers, "content-type") ?? "";
  const text = contentType.startsWith("application/grpc-web-text");
  const write = (...frames: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> =>
    join(text ? frames.map((frame) => new TextEncoder().encode(base64Encode(frame))) : frames);

  const refused = refuseMalformed(request.headers);
  if (refused !== undefined) {
    // The server appends the head of a trailer frame to the text, and never sends the frame itself.
    const stray = encodeEnvelope(trailerFlag, new Uint8Array());
    return expose(request, { ...refused, body: join([refused.body ?? new Uint8Array(), stray]) });
  }
  const decoded = text ? { ...request, body: decodePieces(request.body) } : request;
  const { headers, frame, status } = await callUnary(decoded, answer, requestId);
  const all: HeaderList = [["content-type", contentType], ...headers];
  if (frame === undefined) {
    return expose(request, { status: 200, headers: [...all, ...status] });
  }
  const trailer = new TextEncoder().encode(
    status.map(([name, value]) => `${name}: ${value}\r\n`).join(""),
  );
  return expose(request, {
    status: 200,
    headers: all,
    body: write(frame, encodeEnvelope(trailerFlag, trailer)),
  });
}

/** Adds the headers that let a browser read every response header. */
function expose(request: WireRequest, response: WireResponse): WireResponse {
  const headers = [["vary", "Origin"] as const, ...allowOrigin(request), ...response.headers];
  const later = response.status === 200 ? ["date", "x-robots-tag"] : ["x-robots-tag"];
  const names = new Set([
    ...headers.map(([name]) => name),
    ...later,
    "grpc-status",
    "grpc-message",
  ]);
  return {
    ...response,
    headers: [...headers, ["access-control-expose-headers", [...names].join(", ")]],
  };
}

/** Decodes the text format: base64 in pieces, each with its own padding. Invalid base64 ends the body. */
function decodePieces(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const pieces = new TextDecoder().decode(body).match(/[^=]+=*/g) ?? [];
  const decoded: Uint8Array[] = [];
  try {
    for (const piece of pieces) {
      decoded.push(base64Decode(piece));
    }
  } catch {
    // The frame is then too short, and `readMessage` rejects it.
  }
  return join(decoded);
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
