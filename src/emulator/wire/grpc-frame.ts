import { Code, ConnectError } from "@connectrpc/connect";
import { compressedFlag } from "@connectrpc/connect/protocol";
import { readBody } from "../../utils/read-body.js";

/** The maximum size of a message, grpc-go's default. */
export const maxMessageBytes: number = 4 * 1024 * 1024;

/**
 * Returns the first message of a body and ignores the rest.
 *
 * Throws the error of grpc-go if the message is incomplete, too large, or in an unknown encoding.
 */
export async function readGrpcFrame(
  body: Uint8Array<ArrayBuffer>,
  encoding: string,
): Promise<Uint8Array> {
  if (body.length < 5) {
    throw new ConnectError("EOF", Code.Unknown);
  }
  const flags = body[0] ?? 0;
  const length = readLength(body);
  if (length > maxMessageBytes) {
    throw createMessageTooLargeError(length);
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
  return await gunzip(data, maxMessageBytes);
}

/** The length up to which Go's server discards the unread rest of a body. With a longer rest, it ends the connection. */
const maxDiscardedBytes = 256 * 1024;

/** Returns true if the first message is over the limit, and so much of the body is left unread that the connection ends. */
export function isLeftUnread(body: Uint8Array): boolean {
  return body.length - 5 > maxDiscardedBytes && readLength(body) > maxMessageBytes;
}

/** Returns the length in the prefix of a message. */
function readLength(body: Uint8Array): number {
  return new DataView(body.buffer, body.byteOffset).getUint32(1);
}

/** Creates the error for a message over the limit. */
export function createMessageTooLargeError(
  length: number,
  max: number = maxMessageBytes,
): ConnectError {
  return new ConnectError(
    `grpc: received message larger than max (${length} vs. ${max})`,
    Code.ResourceExhausted,
  );
}

/** Compresses a message. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return await pipeThrough(bytes, new CompressionStream("gzip"));
}

/** Decompresses bytes. Throws the error of grpc-go if the result is larger than `maxBytes`. */
export async function gunzip(
  bytes: Uint8Array<ArrayBuffer>,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  return await pipeThrough(bytes, new DecompressionStream("gzip"), maxBytes);
}

async function pipeThrough(
  bytes: Uint8Array<ArrayBuffer>,
  through: CompressionStream | DecompressionStream,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(through);
  // Apply the limit while the message grows, because a small message may inflate to any size.
  return await readBody(new Response(stream), {
    maxBytes,
    signal: undefined,
    tooLarge: () => createMessageTooLargeError(maxBytes + 1),
  });
}
