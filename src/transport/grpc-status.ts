import { Code, ConnectError } from "@connectrpc/connect";
import { findTrailerError } from "@connectrpc/connect/protocol-grpc";

/**
 * Returns the error in the headers or trailers of a gRPC or gRPC-web response; undefined if they report success or have no
 * status.
 *
 * The code in `grpc-status` always counts. Damage in another header, such as a lone `%` in `grpc-message` or broken base64 in
 * `grpc-status-details-bin`, only loses the damaged part, whereas Connect's own reader drops the status.
 */
export function readGrpcStatus(headers: Headers): ConnectError | undefined {
  const text = headers.get("grpc-status")?.trim();
  const status = text === undefined ? undefined : parseStatus(text);
  const detailed = readDetails(headers);
  if (text === undefined || status === 0) {
    return (
      detailed &&
      withDetails(new ConnectError(detailed.rawMessage, detailed.code, headers), detailed)
    );
  }
  const told = detailed?.rawMessage || decodeGrpcMessage(headers.get("grpc-message") ?? "");
  const error =
    status !== undefined && status in Code
      ? new ConnectError(told, status, headers)
      : new ConnectError(
          `the server answered with a grpc-status that gRPC does not define${shown(text)}${told && `: ${told}`}`,
          Code.Unknown,
          headers,
        );
  return withDetails(error, detailed);
}

function withDetails(error: ConnectError, detailed: ConnectError | undefined): ConnectError {
  error.details = detailed?.details ?? [];
  return error;
}

/** Parses a status. If a proxy repeated the header, its value is a list. */
function parseStatus(text: string): number | undefined {
  const [first = "", ...others] = text.split(",").map((each) => each.trim());
  return /^\+?\d{1,9}$/.test(first) && others.every((each) => each === first)
    ? Number(first)
    : undefined;
}

/** Formats an undefined status for an error message. A value that is not a number may be anything, so it is not shown. */
function shown(text: string): string {
  return /^-?\d{1,10}$/.test(text) ? ` (${text})` : "";
}

/** Decodes google.rpc.Status in `grpc-status-details-bin`. Returns undefined if it is missing or damaged. */
function readDetails(headers: Headers): ConnectError | undefined {
  const value = headers.get("grpc-status-details-bin");
  if (value === null) {
    return undefined;
  }
  try {
    return findTrailerError(new Headers({ "grpc-status-details-bin": value }));
  } catch {
    return undefined;
  }
}

/**
 * Decodes the percent-encoding of `grpc-message`. Invalid sequences stay as they are, and bytes that are not UTF-8 become U+FFFD,
 * as the gRPC protocol demands: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses
 */
export function decodeGrpcMessage(encoded: string): string {
  // Headers have one character for each byte, so plain UTF-8 of a server is decoded too.
  const text = encoded.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    bytes[at] = text.charCodeAt(at);
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
