import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { throwIfEnded } from "../call/call-record.js";
import { onAbort } from "./abort.js";
import { answerTooLarge, saysTooLarge } from "./answer-limit.js";
import { ByteCollector } from "./byte-collector.js";
import { withEvidence } from "./evidence.js";
import type { Http2Connection } from "./http2-connection.js";
import type { Http2SessionManager, Http2Stream, StreamRequest } from "./http2-session-manager.js";

/** A response over HTTP/2 that came to its end. */
export interface Http2Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array<ArrayBuffer>;
  /** None where the headers were all. */
  readonly trailers: IncomingHttpHeaders | undefined;
}

/** A request of one piece, and what is to be made of its response. */
export interface Http2Request<T> extends StreamRequest {
  readonly body: Uint8Array;
  /** A response with a longer body fails (`resource_exhausted`). */
  readonly maxBytes: number;
  read(answer: Http2Answer): T | Promise<T>;
}

/**
 * Sends a request, and reads its response to the end.
 *
 * No streams of Node.js are piped and no iterators made: listeners on the HTTP/2 stream collect what comes, which is all
 * that an RPC with one message each way needs. They are the same functions for all calls, because what a call leaves to the
 * garbage collector costs as much as what it does.
 */
export function exchange<T>(sessions: Http2SessionManager, request: Http2Request<T>): Promise<T> {
  throwIfEnded(request.record, request.signal);
  const opening = sessions.open(request);
  return opening instanceof Promise
    ? opening.then((opened) => begin(opened, request))
    : begin(opening, request);
}

function begin<T>({ stream, connection }: Http2Stream, request: Http2Request<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    (stream as Carrier)[key] = new Exchange(stream, connection, request, resolve, reject);
    stream.on("response", onResponse);
    stream.on("data", onData);
    stream.on("trailers", onTrailers);
    stream.on("end", onEnd);
    stream.on("error", onError);
    stream.on("close", onClose);
    if (!request.signal?.aborted && request.record.closed === undefined) {
      stream.end(request.body);
    }
  });
}

const key = Symbol("exchange");

type Carrier = ClientHttp2Stream & { [key]?: Exchange | undefined };

function onResponse(this: Carrier, headers: IncomingHttpHeaders): void {
  this[key]?.begun(headers);
}

function onData(this: Carrier, chunk: Uint8Array<ArrayBuffer>): void {
  this[key]?.take(chunk);
}

function onTrailers(this: Carrier, trailers: IncomingHttpHeaders): void {
  this[key]?.trailed(trailers);
}

function onEnd(this: Carrier): void {
  this[key]?.ended();
}

function onError(this: Carrier, error: Error): void {
  this[key]?.fail(broken(this.rstCode, error));
}

function onClose(this: Carrier): void {
  const ended = this[key];
  // Node.js lets go of the stream at the next full collection only: what hangs on it would be copied by each one before.
  this[key] = undefined;
  ended?.closed();
}

/** What has come so far on a stream. */
class Exchange {
  #stream: ClientHttp2Stream;
  #connection: Http2Connection;
  #request: Http2Request<unknown>;
  #resolve: (result: never) => void;
  #reject: (error: unknown) => void;
  #headers: IncomingHttpHeaders | undefined;
  #trailers: IncomingHttpHeaders | undefined;
  readonly #body: ByteCollector;
  #settled = false;
  #unlisten: (() => void) | undefined;

  constructor(
    stream: ClientHttp2Stream,
    connection: Http2Connection,
    request: Http2Request<unknown>,
    resolve: (result: never) => void,
    reject: (error: unknown) => void,
  ) {
    this.#stream = stream;
    this.#connection = connection;
    this.#request = request;
    this.#body = new ByteCollector(request.maxBytes);
    this.#resolve = resolve;
    this.#reject = reject;
    const { record, signal } = request;
    record.waiter = this;
    if (signal !== undefined) {
      this.#unlisten = onAbort(signal, () => this.abort(signal.reason));
    } else if (record.closed !== undefined) {
      this.abort(record.closed);
    }
  }

  abort(reason: unknown): void {
    cancel(this.#stream);
    this.fail(ConnectError.from(reason, Code.Canceled));
  }

  begun(headers: IncomingHttpHeaders): void {
    this.#connection.alive();
    this.#headers = headers;
    if (saysTooLarge(headers["content-length"], this.#request.maxBytes)) {
      this.#failTooLarge();
    }
  }

  take(chunk: Uint8Array<ArrayBuffer>): void {
    if (!this.#body.add(chunk)) {
      this.#failTooLarge();
    }
  }

  #failTooLarge(): void {
    cancel(this.#stream);
    this.fail(answerTooLarge(this.#request.maxBytes));
  }

  trailed(trailers: IncomingHttpHeaders): void {
    this.#trailers = trailers;
  }

  ended(): void {
    // Otherwise the stream may have been reset, which the code says when it closes.
    if (this.#trailers !== undefined || this.#headers?.["grpc-status"] !== undefined) {
      this.#succeed();
    }
  }

  closed(): void {
    this.#connection.freeSlot();
    const { rstCode } = this.#stream;
    if (this.#headers !== undefined && rstCode === constants.NGHTTP2_NO_ERROR) {
      this.#succeed();
    } else {
      this.fail(broken(rstCode));
    }
  }

  #succeed(): void {
    const headers = this.#headers;
    if (headers === undefined || !this.#settle()) {
      return;
    }
    const body = this.#body.bytes();
    const trailers = this.#trailers;
    try {
      const { read } = this.#request;
      this.#resolve(read({ status: Number(headers[":status"]), headers, body, trailers }) as never);
    } catch (error) {
      this.#reject(error);
    }
  }

  fail(error: ConnectError): void {
    if (this.#settle()) {
      this.#reject(error);
    }
  }

  /** False, if it was settled before. */
  #settle(): boolean {
    if (this.#settled) {
      return false;
    }
    this.#settled = true;
    this.#unlisten?.();
    return true;
  }
}

/** Not from within an event of the connection: Node.js 20 may free what it is just reading with. */
function cancel(stream: ClientHttp2Stream): void {
  setImmediate(() => stream.close(constants.NGHTTP2_CANCEL));
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
