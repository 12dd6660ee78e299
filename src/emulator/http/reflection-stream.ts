import { once } from "node:events";
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { grpcContentType } from "../wire/grpc.js";
import { answerReflection, reflectionPath } from "../wire/reflection.js";
import { readMessage, statusOf, tooLarge } from "../wire/unary.js";
import { grouped } from "./headers.js";

/**
 * Returns true if a stream calls server reflection, the only streaming RPC: its client waits for responses before it ends its
 * request.
 */
export function isReflection(headers: IncomingHttpHeaders): boolean {
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
  let status = statusOf();
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
    stream.sendTrailers(grouped(status));
    if (!stream.readableEnded) {
      // Nobody reads what the client still sends after an error.
      stream.close(constants.NGHTTP2_NO_ERROR);
    }
  });
  const gone = new AbortController();
  stream.once("close", () => gone.abort());
  const encoding = String(headers["grpc-encoding"] ?? "identity");
  try {
    for await (const frame of framesOf(stream.iterator({ destroyOnReturn: false }))) {
      const answer = answerReflection(await readMessage(frame, encoding));
      if (!stream.write(encodeEnvelope(0, answer))) {
        await once(stream, "drain", { signal: gone.signal });
      }
    }
  } catch (reason) {
    status = statusOf(ConnectError.from(reason, Code.Internal));
  }
  stream.end();
}

/** The largest reflection request. Requests contain a single name. */
const maxQuestionBytes = 4096;

/** Splits a body into its frames, each with its prefix of five bytes. */
async function* framesOf(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  let rest = new Uint8Array();
  for await (const chunk of chunks) {
    rest = new Uint8Array(Buffer.concat([rest, chunk]));
    while (rest.length >= 5) {
      const length = new DataView(rest.buffer, rest.byteOffset).getUint32(1);
      if (length > maxQuestionBytes) {
        throw tooLarge(length, maxQuestionBytes);
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
