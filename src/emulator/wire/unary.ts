import { type DescMethodUnary, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { compressedFlag, encodeEnvelope } from "@connectrpc/connect/protocol";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { readBody } from "../../transport/http/read-body.js";
import type { Call } from "../call.js";
import type { Eventually } from "../eventually.js";
import { methods } from "../methods.js";
import { first, type HeaderList, type WireRequest, type WireResponse } from "./exchange.js";
import { healthCheck, serving } from "./health.js";

/** A function that processes a decoded call. */
export type Answer = (call: Call) => Eventually<Message>;

/** The outcome of a call, which gRPC and gRPC-web encode in different ways. */
export interface Outcome {
  readonly headers: HeaderList;
  /** The message with its prefix of five bytes. Absent with an error. */
  readonly frame?: Uint8Array<ArrayBuffer>;
  /** The `grpc-status` field and the fields that belong to it. */
  readonly status: HeaderList;
}

/** The maximum size of a message, grpc-go's default. */
export const maxMessageBytes: number = 4 * 1024 * 1024;

/** Carries out a unary call in gRPC framing, for gRPC and gRPC-web. Errors and their texts are those of grpc-go. */
export async function callUnary(
  request: WireRequest,
  answer: Answer,
  requestId: string,
): Promise<Outcome> {
  const headers: [string, string][] = [];
  try {
    if (request.target === healthCheck) {
      return {
        headers: chainHeaders(requestId),
        frame: encodeEnvelope(0, serving),
        status: statusOf(),
      };
    }
    const method = findMethod(request.target);
    if (isExpired(first(request.headers, "grpc-timeout") ?? "1H")) {
      throw new ConnectError("context deadline exceeded", Code.DeadlineExceeded);
    }
    const encoding = first(request.headers, "grpc-encoding") ?? "identity";
    const message = decode(method, await readMessage(request.body, encoding));
    headers.push(...chainHeaders(requestId));
    const response = await answer({
      method,
      message,
      metadata: request.headers,
      authority: request.authority,
    });
    const bytes = new Uint8Array(toBinary(method.output, response));
    const gzip = encoding === "gzip";
    if (gzip) {
      headers.push(["grpc-encoding", "gzip"]);
    }
    const frame = gzip
      ? encodeEnvelope(compressedFlag, await transform(bytes, new CompressionStream("gzip")))
      : encodeEnvelope(0, bytes);
    return { headers, frame, status: statusOf() };
  } catch (reason) {
    return { headers, status: statusOf(ConnectError.from(reason, Code.Internal)) };
  }
}

/** Creates the response to a request whose headers gRPC cannot parse. Returns `undefined` for valid headers. */
export function refuseMalformed(headers: HeaderList): WireResponse | undefined {
  const timeout = first(headers, "grpc-timeout");
  let reason: string | undefined;
  if (timeout !== undefined && !isTimeout(timeout)) {
    const fault =
      timeout.length < 2
        ? "timeout string is too short"
        : timeout.length > 9
          ? "timeout string is too long"
          : "timeout unit is not recognized";
    reason = `malformed grpc-timeout: transport: ${fault}: "${timeout}"\n`;
  }
  for (const [name, value] of headers) {
    if (name.endsWith("-bin") && !/^[A-Za-z0-9+/=,\s]*$/.test(value)) {
      reason ??= `malformed binary metadata "" in header "${name}": illegal base64 data at input byte ${value.search(/[^A-Za-z0-9+/=]/)}\n`;
    }
  }
  return reason === undefined
    ? undefined
    : {
        status: 400,
        headers: [
          ["content-type", "text/plain; charset=utf-8"],
          ["x-content-type-options", "nosniff"],
        ],
        body: new TextEncoder().encode(reason),
      };
}

/** Creates the headers that the server's interceptors add. A call that fails before the interceptors lacks these headers. */
function chainHeaders(requestId: string): [string, string][] {
  const noCache: [string, string][] = [
    ["cache-control", "no-store"],
    ["expires", new Date().toUTCString()],
    ["pragma", "no-cache"],
  ];
  return [
    ...noCache,
    ...noCache.map(([name, value]): [string, string] => [`grpc-metadata-${name}`, value]),
    ["x-request-id", requestId],
  ];
}

function findMethod(target: string): DescMethodUnary {
  const [path = ""] = target.replace(/^\//, "").split("?", 1);
  const slash = path.lastIndexOf("/");
  if (slash < 0) {
    throw new ConnectError(`malformed method name: "/${path}"`, Code.Unimplemented);
  }
  const [serviceName, methodName] = [path.slice(0, slash), path.slice(slash + 1)];
  const service = methods.get(serviceName);
  if (service === undefined) {
    throw new ConnectError(`unknown service ${serviceName}`, Code.Unimplemented);
  }
  const method = service.get(methodName);
  if (method === undefined) {
    throw new ConnectError(
      `unknown method ${methodName} for service ${serviceName}`,
      Code.Unimplemented,
    );
  }
  return method;
}

/** Returns true if the value of a `grpc-timeout` header is valid. */
export function isTimeout(value: string): boolean {
  return /^\d{1,8}[HMSmun]$/.test(value);
}

/** Returns true if a timeout expires at once. Handlers take no relevant time, so no other deadline expires here. */
export function isExpired(timeout: string): boolean {
  return Number.parseInt(timeout, 10) === 0 || timeout.endsWith("n");
}

/**
 * Returns the first message of a body and ignores the rest.
 *
 * Throws the error of grpc-go if the message is incomplete, too large, or in an unknown encoding.
 */
export async function readMessage(
  body: Uint8Array<ArrayBuffer>,
  encoding: string,
): Promise<Uint8Array> {
  if (body.length < 5) {
    throw new ConnectError("EOF", Code.Unknown);
  }
  const flags = body[0] ?? 0;
  const length = new DataView(body.buffer, body.byteOffset).getUint32(1);
  if (length > maxMessageBytes) {
    throw tooLarge(length);
  }
  if (body.length < 5 + length) {
    throw new ConnectError("unexpected EOF", Code.Unknown);
  }
  const data = body.subarray(5, 5 + length);
  if (flags === 0) {
    return data;
  }
  if (flags !== compressedFlag) {
    throw new ConnectError(`grpc: received unexpected payload format ${flags}`, Code.Internal);
  }
  if (encoding === "identity") {
    throw new ConnectError(
      "grpc: compressed flag set with identity or empty encoding",
      Code.Internal,
    );
  }
  if (encoding !== "gzip") {
    throw new ConnectError(
      `grpc: Decompressor is not installed for grpc-encoding "${encoding}"`,
      Code.Unimplemented,
    );
  }
  return await transform(data, new DecompressionStream("gzip"), maxMessageBytes);
}

/** Creates the error for a message over the limit. */
export function tooLarge(length: number, max: number = maxMessageBytes): ConnectError {
  return new ConnectError(
    `grpc: received message larger than max (${length} vs. ${max})`,
    Code.ResourceExhausted,
  );
}

function decode(method: DescMethodUnary, bytes: Uint8Array): Message {
  try {
    return fromBinary(method.input, bytes);
  } catch (cause) {
    // Only the text decoder throws a TypeError.
    const reason =
      cause instanceof TypeError
        ? "string field contains invalid UTF-8"
        : "proto: cannot parse invalid wire-format data";
    throw new ConnectError(`grpc: error unmarshalling request: ${reason}`, Code.Internal);
  }
}

/** Creates the trailers for a success, or for an error. */
export function statusOf(error?: ConnectError): HeaderList {
  if (error === undefined) {
    return [["grpc-status", "0"]];
  }
  const status = setTrailerStatus(new Headers(), error);
  status.set("grpc-message", percentEncode(error.rawMessage));
  return [...status];
}

/** Encodes a message as grpc-go does: printable ASCII stays as it is, except the percent sign. */
function percentEncode(text: string): string {
  return text.replace(/[^\x20-\x24\x26-\x7e]+/g, (run) =>
    [...new TextEncoder().encode(run)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
      .join(""),
  );
}

async function transform(
  bytes: Uint8Array<ArrayBuffer>,
  through: CompressionStream | DecompressionStream,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(through);
  // A small message may inflate to any size, so the limit applies while the message grows.
  return await readBody(new Response(stream), {
    maxBytes,
    signal: undefined,
    tooLarge: () => tooLarge(maxBytes + 1),
  });
}
