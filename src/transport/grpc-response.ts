import type { IncomingHttpHeaders } from "node:http2";
import type { DescMessage, DescMethodUnary } from "@bufbuild/protobuf";
import { Code, ConnectError, type UnaryResponse } from "@connectrpc/connect";
import type { Deadline } from "../call/deadline.js";
import { decodeMessage } from "./binary.js";
import { decodeSingleFrame } from "./frames.js";
import type { GrpcSettings } from "./grpc-settings.js";
import type { Http2Response } from "./http2/http2-exchange.js";
import { fromNodeHeaders } from "./http/node-headers.js";
import { LazyUnaryResponse } from "./unary-response.js";
import { createUnreadableMessageError } from "./unreadable-message-error.js";

/**
 * Decodes the response of a unary call. It is a success if its status, headers and trailers report one, and its body is one frame
 * with a message that can be decoded. Throws the error of any other response.
 */
export async function decodeGrpcResponse<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  response: Http2Response,
  deadline: Deadline,
  settings: GrpcSettings,
): Promise<UnaryResponse<I, O>> {
  if (!reportsSuccess(response)) {
    throw await loadFailure(response);
  }
  const { status, headers, trailers, body } = response;
  const frame = decodeSingleFrame(body);
  if (frame === undefined) {
    throw await loadFailure(response);
  }
  try {
    const encoding = headers["grpc-encoding"];
    const data =
      frame.flags === 0
        ? frame.data
        : await decompress(frame.data, encoding, settings, deadline.signal);
    const message = decodeMessage(method.output, data, settings.binaryOptions);
    return new LazyUnaryResponse(
      method,
      message,
      () => fromNodeHeaders(headers),
      () => fromNodeHeaders(trailers),
    );
  } catch (error) {
    throw createUnreadableMessageError(error, status, headers["content-type"]);
  }
}

/** A response that reports success. Its body is not checked yet. */
interface SuccessResponse extends Http2Response {
  readonly trailers: IncomingHttpHeaders;
}

/** Returns true if the server, and not something in front of it, reports success without details of an error. */
function reportsSuccess(response: Http2Response): response is SuccessResponse {
  const { status, headers, trailers } = response;
  return (
    status === 200 &&
    grpcType.test(headers["content-type"] ?? "") &&
    trailers?.["grpc-status"] === "0" &&
    trailers["grpc-status-details-bin"] === undefined
  );
}

const grpcType = /^application\/grpc(?:\+proto)?(?:;|$)/i;

/** Creates the error of a response that is not a success. Loads the code for that on demand. */
async function loadFailure({
  status,
  headers,
  trailers,
  body,
}: Http2Response): Promise<ConnectError> {
  const { createGrpcError } = await import("./grpc-error.js");
  const trailer = trailers && fromNodeHeaders(trailers);
  return createGrpcError({ wire: "grpc", status, header: fromNodeHeaders(headers), trailer, body });
}

/** Decompresses a message. Throws if the server used a compression that the request did not offer. */
async function decompress(
  data: Uint8Array,
  encoding: string | string[] | undefined,
  { acceptCompression, readMaxBytes }: GrpcSettings,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const compression = acceptCompression.find(({ name }) => name === encoding);
  if (compression === undefined) {
    throw new ConnectError(
      `protocol error: the response is compressed with ${String(encoding)}, which was not requested`,
      Code.Internal,
    );
  }
  return await compression.decompress(data, readMaxBytes, signal);
}
