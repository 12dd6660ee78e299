import type { DescMessage, DescMethodUnary } from "@bufbuild/protobuf";
import { Code, ConnectError, type UnaryResponse } from "@connectrpc/connect";
import { AttemptError } from "../call/attempt-error.js";
import type { Deadline } from "../call/deadline.js";
import { decodeMessage } from "./binary.js";
import { decodeFrames, type Frame, headBytes } from "./frames.js";
import type { Http2Response } from "./http2/http2-exchange.js";
import { toHeaders } from "./http/node-headers.js";
import { LazyUnaryResponse } from "./unary-response.js";
import type { GrpcSettings } from "./grpc-settings.js";

/** Decodes a successful response. Throws the error of any other response. */
export async function decodeGrpcResponse<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  response: Http2Response,
  deadline: Deadline,
  settings: GrpcSettings,
): Promise<UnaryResponse<I, O>> {
  const frame = successfulFrame(response);
  if (frame === undefined) {
    return await rejectFailed(response);
  }
  return frame.flags === 0
    ? decodeData(method, frame.data, response, settings)
    : await decodeCompressed(method, frame.data, response, deadline, settings);
}

function decodeData<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  data: Uint8Array,
  { status, headers, trailers = {} }: Http2Response,
  { binaryOptions }: GrpcSettings,
): UnaryResponse<I, O> {
  try {
    return new LazyUnaryResponse(
      method,
      decodeMessage(method.output, data, binaryOptions),
      () => toHeaders(headers),
      () => toHeaders(trailers),
    );
  } catch (error) {
    throw unreadable(error, status);
  }
}

async function decodeCompressed<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  data: Uint8Array,
  response: Http2Response,
  deadline: Deadline,
  settings: GrpcSettings,
): Promise<UnaryResponse<I, O>> {
  const encoding = response.headers["grpc-encoding"];
  const compression = settings.acceptCompression.find(({ name }) => name === encoding);
  if (compression === undefined) {
    const text = `protocol error: the response is compressed with ${String(encoding)}, which was not asked for`;
    throw unreadable(new ConnectError(text, Code.Internal), response.status);
  }
  let plain: Uint8Array;
  try {
    plain = await compression.decompress(data, settings.readMaxBytes, deadline.signal);
  } catch (error) {
    throw unreadable(error, response.status);
  }
  return decodeData(method, plain, response, settings);
}

/** Creates the error of a response whose message cannot be decoded, although the response claims success. */
function unreadable(thrown: unknown, httpStatus: number): AttemptError {
  const error = ConnectError.from(thrown);
  error.metadata.set("content-type", "application/grpc");
  return AttemptError.with(error, { httpStatus });
}

async function rejectFailed({ status, headers, trailers, body }: Http2Response): Promise<never> {
  const { grpcFailure } = await import("./grpc-failure.js");
  throw grpcFailure({
    wire: "grpc",
    status,
    header: toHeaders(headers),
    trailer: trailers && toHeaders(trailers),
    body,
  });
}

/** Returns the only message of a successful response. Returns undefined for anything else, which `grpcFailure` explains. */
function successfulFrame({ status, headers, trailers, body }: Http2Response): Frame | undefined {
  if (
    status !== 200 ||
    trailers?.["grpc-status"] !== "0" ||
    trailers["grpc-status-details-bin"] !== undefined ||
    !grpcType.test(headers["content-type"] ?? "") ||
    body.byteLength < headBytes
  ) {
    return undefined;
  }
  const frames = decodeFrames(body);
  return frames?.length === 1 ? frames[0] : undefined;
}

const grpcType = /^application\/grpc(?:\+proto)?(?:;|$)/i;
