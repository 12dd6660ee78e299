import { Code, ConnectError } from "@connectrpc/connect";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { once } from "node:events";
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { grpcContentType } from "../wire/detect-protocol.js";
import { messageTooLargeError, readGrpcFrame } from "../wire/grpc-frame.js";
import { createStatusTrailers } from "../wire/grpc-trailers.js";
import { handleReflectionRequest, reflectionPath } from "../wire/server-reflection.js";
import { toNodeHeaders } from "./header-list.js";

/**
 * Returns true if a stream calls server reflection, the only streaming RPC: its client waits for responses before it ends its
 * request.
 */
export function isReflectionStream(headers: IncomingHttpHeaders): boolean {
  return (
    headers[":method"] === "POST" &&
    reflectionPath.test(headers[":path"] ?? "") &&
    grpcContentType.test(headers["content-type"] ?? "")
  );
}

/** Responds to each reflection request as it arrives, no faster than the client reads. */
export async function serveReflection(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
): Promise<void> {
  let trailers = createStatusTrailers();
  stream.respond(
    {
      ":status": 200,
      "content-type": "application/grpc",
      "grpc-accept-encoding": "gzip",
      "x-robots-tag": "none",
    },
    { waitForTrailers: true },
  );
  stream.once("wantTrailers", () => {
    stream.sendTrailers(toNodeHeaders(trailers));
    if (!stream.readableEnded) {
      // Nobody reads what the client still sends after an error.
      stream.close(constants.NGHTTP2_NO_ERROR);
    }
  });
  const disconnected = new AbortController();
  stream.once("close", () => disconnected.abort());
  const encoding = String(headers["grpc-encoding"] ?? "identity");
  try {
    for await (const frame of splitFrames(stream.iterator({ destroyOnReturn: false }))) {
      const response = handleReflectionRequest(await readGrpcFrame(frame, encoding));
      if (!stream.write(encodeEnvelope(0, response))) {
        await once(stream, "drain", { signal: disconnected.signal });
      }
    }
  } catch (reason) {
    trailers = createStatusTrailers(ConnectError.from(reason, Code.Internal));
  }
  stream.end();
}

/** The largest reflection request. Requests contain a single name. */
const maxReflectionRequestBytes = 4096;

/** Splits a body into its frames, each with its prefix of five bytes. */
async function* splitFrames(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  let rest = new Uint8Array();
  for await (const chunk of chunks) {
    rest = new Uint8Array(Buffer.concat([rest, chunk]));
    while (rest.length >= 5) {
      const length = new DataView(rest.buffer, rest.byteOffset).getUint32(1);
      if (length > maxReflectionRequestBytes) {
        throw messageTooLargeError(length, maxReflectionRequestBytes);
      }
      if (rest.length < 5 + length) {
        break;
      }
      yield rest.subarray(0, 5 + length);
      rest = rest.subarray(5 + length);
    }
  }
  if (rest.length > 0) {
    throw new ConnectError("unexpected EOF", Code.Unknown);
  }
}
