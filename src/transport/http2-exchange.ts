import { constants, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { onAbort } from "./abort.js";
import { withEvidence } from "./evidence.js";
import type { Http2SessionManager, Http2Stream } from "./http2-session-manager.js";

/** A response over HTTP/2 that came to its end. */
export interface Http2Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array<ArrayBuffer>;
  /** None where the headers were all. */
  readonly trailers: IncomingHttpHeaders | undefined;
}

/**
 * Sends a request of one piece, and reads its response to the end. A body of more than `maxBytes` fails
 * (`resource_exhausted`).
 *
 * No streams of Node.js are piped and no iterators made: listeners on the HTTP/2 stream collect what comes, which is all
 * that an RPC with one message each way needs.
 */
export async function exchange(
  sessions: Http2SessionManager,
  headers: OutgoingHttpHeaders,
  body: Uint8Array,
  signal: AbortSignal | undefined,
  maxBytes: number,
): Promise<Http2Answer> {
  const opening = sessions.open(headers);
  const opened = opening instanceof Promise ? await opening : opening;
  return await read(opened, body, signal, maxBytes);
}

function read(
  { stream, connection }: Http2Stream,
  body: Uint8Array,
  signal: AbortSignal | undefined,
  maxBytes: number,
): Promise<Http2Answer> {
  return new Promise((resolve, reject) => {
    let headers: IncomingHttpHeaders | undefined;
    let trailers: IncomingHttpHeaders | undefined;
    let chunks: Uint8Array<ArrayBuffer>[] | undefined;
    let bytes: Uint8Array<ArrayBuffer> | undefined;
    let size = 0;
    let unlisten: (() => void) | undefined;
    let settled = false;

    const settle = (): boolean => {
      const first = !settled;
      settled = true;
      unlisten?.();
      return first;
    };
    const fail = (error: ConnectError): void => {
      if (settle()) {
        reject(error);
      }
    };

    stream.on("response", (received) => {
      headers = received;
    });
    stream.on("data", (chunk: Uint8Array<ArrayBuffer>) => {
      size += chunk.byteLength;
      if (size > maxBytes) {
        stream.close(constants.NGHTTP2_CANCEL);
        fail(tooLarge(size, maxBytes));
      } else if (bytes === undefined) {
        bytes = chunk;
      } else {
        (chunks ??= [bytes]).push(chunk);
      }
    });
    stream.on("trailers", (received) => {
      trailers = received;
    });
    const succeed = (): void => {
      if (headers !== undefined && settle()) {
        resolve({
          status: Number(headers[":status"]),
          headers,
          body: chunks ? Buffer.concat(chunks) : (bytes ?? new Uint8Array()),
          trailers,
        });
      }
    };
    stream.on("end", () => {
      // Otherwise the stream may have been reset, which the code says when it closes.
      if (trailers !== undefined || headers?.["grpc-status"] !== undefined) {
        succeed();
      }
    });
    stream.on("error", (error: Error) => fail(broken(stream.rstCode, error)));
    stream.on("close", () => {
      connection.alive();
      if (!settled && headers !== undefined && stream.rstCode === constants.NGHTTP2_NO_ERROR) {
        succeed();
      } else if (!settled) {
        fail(broken(stream.rstCode));
      }
    });
    if (signal !== undefined) {
      unlisten = onAbort(signal, () => {
        stream.close(constants.NGHTTP2_CANCEL);
        fail(ConnectError.from(signal.reason, Code.Canceled));
      });
    }
    stream.end(body);
  });
}

function tooLarge(size: number, maxBytes: number): ConnectError {
  return withEvidence(
    new ConnectError(
      `the response has more than readMaxBytes (${maxBytes}): at least ${size} bytes`,
      Code.ResourceExhausted,
    ),
    { httpStatus: 200 },
  );
}

/**
 * The codes with which HTTP/2 resets a stream, in order of their numbers, and what gRPC makes of them:
 * https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#errors
 */
const resets: readonly [name: string, code: Code][] = [
  ["NO_ERROR", Code.Internal],
  ["PROTOCOL_ERROR", Code.Internal],
  ["INTERNAL_ERROR", Code.Internal],
  ["FLOW_CONTROL_ERROR", Code.Internal],
  ["SETTINGS_TIMEOUT", Code.Internal],
  ["STREAM_CLOSED", Code.Unknown],
  ["FRAME_SIZE_ERROR", Code.Internal],
  ["REFUSED_STREAM", Code.Unavailable],
  ["CANCEL", Code.Canceled],
  ["COMPRESSION_ERROR", Code.Internal],
  ["CONNECT_ERROR", Code.Internal],
  ["ENHANCE_YOUR_CALM", Code.ResourceExhausted],
  ["INADEQUATE_SECURITY", Code.PermissionDenied],
  ["HTTP_1_1_REQUIRED", Code.PermissionDenied],
];

/** The error of a stream that ended without an answer. */
function broken(rstCode = 0, cause?: Error): ConnectError {
  const [name, code] = resets[rstCode] ?? ["unknown", Code.Internal];
  const text = `http/2 stream closed with error code ${name} (0x${rstCode.toString(16)})`;
  return withEvidence(
    new ConnectError(cause?.message ?? text, code, undefined, undefined, cause),
    rstCode === constants.NGHTTP2_REFUSED_STREAM ? { notDone: "refused" } : { broken: true },
  );
}
