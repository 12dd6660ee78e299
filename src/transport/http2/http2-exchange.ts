import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { throwIfEnded } from "../../call/call-record.js";
import { onAbort } from "../../call/abort.js";
import { answerTooLarge, saysTooLarge } from "../response-limit.js";
import { ByteCollector } from "../byte-collector.js";
import { withEvidence } from "../../call/evidence.js";
import type { Http2Connection } from "./http2-connection.js";
import type { Http2SessionManager, Http2Stream, StreamRequest } from "./http2-session-manager.js";

/** A complete HTTP/2 response. */
export interface Http2Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array<ArrayBuffer>;
  /** The trailers; undefined if the response had headers only. */
  readonly trailers: IncomingHttpHeaders | undefined;
}

/** A request with a complete body, and the function that reads its response. */
export interface Http2Request<T> extends StreamRequest {
  readonly body: Uint8Array;
  /** The maximum length of the response body. A longer one fails with `resource_exhausted`. */
  readonly maxBytes: number;
  read(answer: Http2Answer): T | Promise<T>;
}

/**
 * Sends a request and reads its response to the end.
 *
 * There are no piped Node.js streams and no iterators: listeners on the HTTP/2 stream collect the response, which is sufficient
 * for an RPC with one message in each direction. All calls share the same listener functions, because the garbage of a call costs
 * as much as its work.
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
  // Node.js releases the stream only at the next full garbage collection. Everything that is attached to it would be copied by
  // each smaller one before.
  this[key] = undefined;
  ended?.closed();
}

/** The response that has arrived so far on a stream. */
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
    // Without trailers, the stream may have been reset. Its close event has the code.
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

  /** Marks the exchange as settled. Returns false if it was settled before. */
  #settle(): boolean {
    if (this.#settled) {
      return false;
    }
    this.#settled = true;
    this.#unlisten?.();
    return true;
  }
}

/** Closes the stream outside of its own events: Node.js 20 may free memory that it is still reading. */
function cancel(stream: ClientHttp2Stream): void {
  setImmediate(() => stream.close(constants.NGHTTP2_CANCEL));
}

/**
 * The HTTP/2 error codes in numeric order, and the gRPC code of each:
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

/** Creates the error of a stream that ended without a response. */
function broken(rstCode = 0, cause?: Error): ConnectError {
  const [name, code] = resets[rstCode] ?? ["unknown", Code.Internal];
  const text = `http/2 stream closed with error code ${name} (0x${rstCode.toString(16)})`;
  return withEvidence(
    new ConnectError(cause?.message ?? text, code, undefined, undefined, cause),
    rstCode === constants.NGHTTP2_REFUSED_STREAM ? { notDone: "refused" } : { broken: true },
  );
}
