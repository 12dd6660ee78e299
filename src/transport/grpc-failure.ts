import { Code, ConnectError } from "@connectrpc/connect";
import { codeFromHttpStatus, parseContentType } from "@connectrpc/connect/protocol-grpc";
import { withEvidence } from "../call/evidence.js";
import { foreignPage } from "./foreign-page.js";
import { compressedFlag, decodeFrames, trailersFlag } from "./frames.js";
import { readGrpcStatus } from "./grpc-status.js";

/** A failed response over gRPC or gRPC-web. */
export interface FailedAnswer {
  readonly wire: "grpc" | "grpc-web";
  readonly status: number;
  readonly header: Headers;
  /** The trailers; undefined if the response had headers only. */
  readonly trailer: Headers | undefined;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * Creates the error of a failed response: the server's own error, the response of another server, or a violation of the protocol.
 * Both transports load it with their first failure, because a success does not need it.
 */
export function grpcFailure(answer: FailedAnswer): ConnectError {
  const error = errorOf(answer);
  if (!error.metadata.has("grpc-status")) {
    const type = answer.header.get("content-type");
    if (type !== null) {
      error.metadata.set("content-type", type);
    }
    withEvidence(error, { httpStatus: answer.status });
  }
  return error;
}

function errorOf({ wire, status, header, trailer, body }: FailedAnswer): ConnectError {
  const isRedirect = status === 0 || (status >= 300 && status < 400);
  if (isRedirect) {
    return new ConnectError(
      "the server answered with a redirect, which a call does not follow: check the base URL",
      Code.Unknown,
      header,
    );
  }
  const type = header.get("content-type") ?? "";
  const isOwn =
    type.startsWith(`application/${wire}`) ||
    header.has("grpc-status") ||
    trailer?.has("grpc-status");
  const page = isOwn ? undefined : foreignPage({ status, headers: header, body });
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
    return headerError ?? new ConnectError(`HTTP ${status}`, codeFromHttpStatus(status), header);
  }
  const isKnown = wire === "grpc" ? parseContentType(type) !== undefined : isOwn || type === "";
  if (headerError === undefined && !isKnown) {
    const [mediaType] = type.split(";");
    return new ConnectError(
      `the server answered HTTP ${status} with ${mediaType || "no content type"} instead of ${wire === "grpc" ? "gRPC" : "gRPC-web"}`,
      Code.Unknown,
      header,
    );
  }
  const frames = decodeFrames(body);
  if (headerError !== undefined) {
    const isAlone = wire === "grpc-web" || frames?.length === 0;
    return isAlone
      ? headerError
      : damaged("received a message beside an error status", Code.Unknown);
  }
  if (frames === undefined) {
    return damaged("incomplete envelope", Code.InvalidArgument);
  }
  if (wire === "grpc-web" && frames.some(({ flags }) => (flags & compressedFlag) !== 0)) {
    return damaged("received a compressed message, which was not asked for", Code.Internal);
  }
  const trailers = frames.filter(({ flags }) => (flags & trailersFlag) !== 0).length;
  const messages = frames.length - trailers;
  if (messages > 1) {
    return damaged("received more than one message for a unary method", Code.Unimplemented);
  }
  if (trailer === undefined && wire === "grpc-web") {
    return new ConnectError(
      "missing trailer",
      header.has("grpc-status") ? Code.Unimplemented : Code.Unknown,
    );
  }
  if (!trailer?.has("grpc-status") && !header.has("grpc-status")) {
    return damaged("missing status", Code.Internal);
  }
  return messages === 0
    ? damaged("missing message", Code.Unimplemented)
    : damaged("the response cannot be read", Code.Internal);
}

/** Converts the error of a response whose message cannot be decoded, although the response claims success. */
export function unreadable(
  thrown: unknown,
  wire: FailedAnswer["wire"],
  httpStatus: number,
): ConnectError {
  const error = ConnectError.from(thrown);
  error.metadata.set("content-type", `application/${wire}`);
  return withEvidence(error, { httpStatus });
}

function damaged(what: string, code: Code): ConnectError {
  return new ConnectError(`protocol error: ${what}`, code);
}
