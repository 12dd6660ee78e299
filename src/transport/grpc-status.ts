import { base64Decode, BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { Code, ConnectError } from "@connectrpc/connect";

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
    return detailed && createError(detailed.message, detailed.code, headers, detailed);
  }
  const message = detailed?.message || decodeGrpcMessage(headers.get("grpc-message") ?? "");
  return status !== undefined && status in Code
    ? createError(message, status, headers, detailed)
    : createError(
        `the server answered with a grpc-status that gRPC does not define${formatStatus(text)}${message && `: ${message}`}`,
        Code.Unknown,
        headers,
        detailed,
      );
}

function createError(
  message: string,
  code: Code,
  headers: Headers,
  detailed: StatusMessage | undefined,
): ConnectError {
  const error = new ConnectError(message, code, headers);
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
function formatStatus(text: string): string {
  return /^-?\d{1,10}$/.test(text) ? ` (${text})` : "";
}

/** The message google.rpc.Status. Its descriptor would bring that of google.protobuf.Any, and with it 10 KB (gzip). */
interface StatusMessage {
  code: number;
  message: string;
  details: { type: string; value: Uint8Array<ArrayBuffer> }[];
}

/**
 * Decodes google.rpc.Status in `grpc-status-details-bin`. Returns undefined if it is missing or damaged, or if it reports success.
 */
function readDetails(headers: Headers): StatusMessage | undefined {
  const value = headers.get("grpc-status-details-bin");
  if (value === null) {
    return undefined;
  }
  try {
    const status = decodeStatus(base64Decode(value));
    return status.code === 0 ? undefined : status;
  } catch {
    return undefined;
  }
}

function decodeStatus(bytes: Uint8Array): StatusMessage {
  const status: StatusMessage = { code: 0, message: "", details: [] };
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1 && wireType === WireType.Varint) {
      status.code = reader.int32();
    } else if (field === 2 && wireType === WireType.LengthDelimited) {
      status.message = reader.string();
    } else if (field === 3 && wireType === WireType.LengthDelimited) {
      status.details.push(decodeAny(reader.bytes()));
    } else {
      reader.skip(wireType, field);
    }
  }
  return status;
}

/** Decodes google.protobuf.Any: the URL of a type, and a message of that type. */
function decodeAny(bytes: Uint8Array): StatusMessage["details"][number] {
  let url = "";
  let value: Uint8Array<ArrayBuffer> = new Uint8Array();
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1 && wireType === WireType.LengthDelimited) {
      url = reader.string();
    } else if (field === 2 && wireType === WireType.LengthDelimited) {
      value = new Uint8Array(reader.bytes());
    } else {
      reader.skip(wireType, field);
    }
  }
  return { type: url.slice(url.lastIndexOf("/") + 1), value };
}

/**
 * Decodes the percent-encoding of `grpc-message`. Invalid sequences stay as they are, and bytes that are not UTF-8 become U+FFFD,
 * as the gRPC protocol demands: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses
 */
function decodeGrpcMessage(encoded: string): string {
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
