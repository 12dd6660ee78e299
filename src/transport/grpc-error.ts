import { Code, ConnectError } from "@connectrpc/connect";
import { parseContentType } from "@connectrpc/connect/protocol-grpc";
import { AttemptError } from "../call/attempt-error.js";
import type { AttemptFacts } from "../call/attempt-facts.js";
import { codeOfHttpStatus } from "../call/code-of-http-status.js";
import { isRedirectStatus } from "../utils/is-redirect-status.js";
import { phrase } from "../zitadel/option-phrases.js";
import { optionText } from "../utils/option-text.js";
import { createForeignPageError } from "./foreign-page-error.js";
import { compressedFlag, decodeFrames, trailersFlag } from "./frames.js";
import { readGrpcStatus } from "./grpc-status.js";

/** A failed response over gRPC or gRPC-web. */
interface FailedGrpcResponse {
  readonly wire: "grpc" | "grpc-web";
  readonly status: number;
  readonly header: Headers;
  /** The trailers; undefined if the response had headers only. */
  readonly trailer: Headers | undefined;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * Creates the error of a failed response: the server's own error, the response of another server, or a violation of the protocol.
 * Both transports load this function with their first failure.
 */
export function createGrpcError(response: FailedGrpcResponse): ConnectError {
  const error = readError(response);
  if (error.metadata.has("grpc-status")) {
    return AttemptError.with(error, { isFromZitadel: true });
  }
  const type = response.header.get("content-type");
  if (type !== null) {
    error.metadata.set("content-type", type);
  }
  return AttemptError.with(error, { httpStatus: response.status });
}

function readError({ wire, status, header, trailer, body }: FailedGrpcResponse): ConnectError {
  if (isRedirectStatus(status)) {
    return new AttemptError(
      optionText`the server answered with a redirect, which a call does not follow: check ${phrase.baseUrl}`,
      Code.Unknown,
      { misrouting: "redirect" },
      { metadata: header },
    );
  }
  const type = header.get("content-type") ?? "";
  const isGrpc =
    type.startsWith(`application/${wire}`) ||
    header.has("grpc-status") ||
    trailer?.has("grpc-status");
  const page = isGrpc ? undefined : createForeignPageError({ status, headers: header, body });
  if (page !== undefined) {
    return page;
  }
  const statusError = trailer && readGrpcStatus(trailer);
  if (statusError !== undefined) {
    header.forEach((value, name) => statusError.metadata.append(name, value));
    return statusError;
  }
  const headerError = trailer?.has("grpc-status") ? undefined : readGrpcStatus(header);
  const isOk = wire === "grpc" ? status === 200 : status >= 200 && status < 300;
  if (!isOk) {
    return headerError ?? new ConnectError(`HTTP ${status}`, codeOfHttpStatus(status), header);
  }
  const isKnown = wire === "grpc" ? parseContentType(type) !== undefined : isGrpc || type === "";
  if (headerError === undefined && !isKnown) {
    const [mediaType] = type.split(";");
    return new ConnectError(
      `the server answered HTTP ${status} with ${mediaType || "no content type"} instead of ${wire === "grpc" ? "gRPC" : "gRPC-web"}`,
      Code.Unknown,
      header,
    );
  }
  if (headerError !== undefined) {
    const isAlone = wire === "grpc-web" || decodeFrames(body)?.length === 0;
    return isAlone
      ? headerError
      : createProtocolError("received a message with an error status", Code.Unknown);
  }
  return createViolationError({ wire, status, header, trailer, body });
}

/** Creates the error of a response that has a successful HTTP status but breaks the protocol. */
function createViolationError({ wire, header, trailer, body }: FailedGrpcResponse): ConnectError {
  const frames = decodeFrames(body);
  if (frames === undefined) {
    return createProtocolError("incomplete envelope", Code.InvalidArgument);
  }
  if (wire === "grpc-web" && frames.some(({ flags }) => (flags & compressedFlag) !== 0)) {
    return createProtocolError(
      "received a compressed message, which was not requested",
      Code.Internal,
    );
  }
  const trailers = frames.filter(({ flags }) => (flags & trailersFlag) !== 0).length;
  const messages = frames.length - trailers;
  if (messages > 1) {
    return createProtocolError(
      "received more than one message for a unary method",
      Code.Unimplemented,
    );
  }
  if (trailer === undefined && wire === "grpc-web") {
    const code = header.has("grpc-status") ? Code.Unimplemented : Code.Unknown;
    return new AttemptError("missing trailer", code, { misrouting: "missing-trailers" });
  }
  if (!trailer?.has("grpc-status") && !header.has("grpc-status")) {
    return createProtocolError("missing status", Code.Internal, { misrouting: "missing-trailers" });
  }
  return messages === 0
    ? createProtocolError("missing message", Code.Unimplemented)
    : createProtocolError("the response cannot be read", Code.Internal);
}

function createProtocolError(
  violation: string,
  code: Code,
  facts: AttemptFacts = {},
): AttemptError {
  return new AttemptError(`protocol error: ${violation}`, code, facts);
}
