import { Code, ConnectError } from "@connectrpc/connect";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { once } from "node:events";
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { createMessageTooLargeError, readGrpcFrame } from "../wire/grpc-frame.js";
import { loadReflectionSchema } from "../wire/reflection-schema.js";
import { type ReflectionProtocol, reflectionProtocols } from "../wire/reflection-protocol.js";
import { reflectionPath } from "../wire/reject-reflection.js";
import { createReflectionHandler } from "../wire/reflection-handler.js";
import type { ConnectionLimits } from "./connection-limits.js";
import { discardRest } from "./discard-rest.js";
import { toNodeHeaders } from "./header-list.js";

/**
 * Returns the protocol of a stream that calls server reflection, or `undefined` for any other stream. Reflection is the only RPC
 * whose client waits for responses before it ends its request.
 */
export function findReflectionProtocol(
  headers: IncomingHttpHeaders,
): ReflectionProtocol | undefined {
  const contentType = headers["content-type"] ?? "";
  return headers[":method"] === "POST" &&
    reflectionPath.test(headers[":path"] ?? "") &&
    Object.hasOwn(reflectionProtocols, contentType)
    ? reflectionProtocols[contentType]
    : undefined;
}

/** Responds to each reflection request as it arrives, no faster than the client reads. */
export async function serveReflection(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  protocol: ReflectionProtocol,
  limits: ConnectionLimits,
): Promise<void> {
  const end = protocol.encodeEnd();
  stream.respond(
    {
      ":status": 200,
      "content-type": headers["content-type"],
      [protocol.acceptEncodingHeader]: "gzip",
      "x-robots-tag": "none",
    },
    { waitForTrailers: end.trailers !== undefined },
  );
  try {
    await answerRequests(stream, headers, protocol);
    endStream(stream, end);
  } catch (reason) {
    endStream(stream, protocol.encodeEnd(ConnectError.from(reason, Code.Internal)));
  }
  discardRest(stream, limits);
}

async function answerRequests(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  { encodingHeader, decodeRequest, encodeResponse }: ReflectionProtocol,
): Promise<void> {
  const disconnected = new AbortController();
  stream.once("close", () => disconnected.abort());
  const handleRequest = createReflectionHandler(await loadReflectionSchema());
  const encoding = String(headers[encodingHeader] ?? "identity");
  for await (const frame of splitFrames(stream.iterator({ destroyOnReturn: false }))) {
    const response = handleRequest(decodeRequest(await readGrpcFrame(frame, encoding)));
    if (!stream.write(encodeEnvelope(0, encodeResponse(response)))) {
      await once(stream, "drain", { signal: disconnected.signal });
    }
  }
}

/** Ends a stream with a last frame or with trailers. */
function endStream(
  stream: ServerHttp2Stream,
  { frame, trailers }: ReturnType<ReflectionProtocol["encodeEnd"]>,
): void {
  if (trailers !== undefined) {
    stream.once("wantTrailers", () => stream.sendTrailers(toNodeHeaders(trailers)));
  }
  stream.end(frame);
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
        throw createMessageTooLargeError(length, maxReflectionRequestBytes);
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
