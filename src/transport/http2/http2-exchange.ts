import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { ByteCollector } from "../../utils/byte-collector.js";
import { exceedsLimit, createResponseTooLargeError } from "../response-limit.js";
import { createBrokenStreamError } from "./broken-stream-error.js";
import type { Http2Connection } from "./http2-connection.js";
import type { Http2SessionManager, StreamRequest } from "./http2-session-manager.js";

/** A complete HTTP/2 response. */
export interface Http2Response {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array<ArrayBuffer>;
  /** The trailers; undefined if the response had headers only. */
  readonly trailers: IncomingHttpHeaders | undefined;
}

/** A request with a complete body. */
interface Http2Request extends StreamRequest {
  /** The body; undefined for a request without one, such as a GET. */
  readonly body: Uint8Array | undefined;
  /** The maximum length of the response body. A longer one fails with `resource_exhausted`. */
  readonly maxBytes: number;
}

/**
 * Sends a request and reads its response to the end. Listeners on the HTTP/2 stream collect the response, which is sufficient for
 * an RPC with one message in each direction.
 */
export async function runHttp2Exchange(
  sessions: Http2SessionManager,
  request: Http2Request,
): Promise<Http2Response> {
  request.deadline.throwIfEnded();
  const opening = sessions.open(request);
  const { stream, connection } = opening instanceof Promise ? await opening : opening;
  return await new Promise((resolve, reject) => {
    new ResponseCollector(stream, connection, request, resolve, reject).listen();
    if (request.deadline.ending === undefined) {
      stream.end(request.body);
    }
  });
}

/** The response that has arrived so far on a stream. */
class ResponseCollector {
  readonly #stream: ClientHttp2Stream;
  readonly #connection: Http2Connection;
  readonly #maxBytes: number;
  #resolve: (response: Http2Response) => void;
  #reject: (error: unknown) => void;
  #unregister: () => void;
  #body: ByteCollector | undefined;
  #headers: IncomingHttpHeaders | undefined;
  #trailers: IncomingHttpHeaders | undefined;

  constructor(
    stream: ClientHttp2Stream,
    connection: Http2Connection,
    { maxBytes, deadline }: Http2Request,
    resolve: (response: Http2Response) => void,
    reject: (error: unknown) => void,
  ) {
    this.#stream = stream;
    this.#connection = connection;
    this.#maxBytes = maxBytes;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#body = new ByteCollector(maxBytes);
    this.#unregister = deadline.onEnd((reason) =>
      this.#cancel(ConnectError.from(reason, Code.Canceled)),
    );
  }

  /** Listens to the stream until it closes. */
  listen(): void {
    // These functions refer to this object only: see `#close`.
    this.#stream.on("response", (headers) => this.#addHeaders(headers));
    this.#stream.on("data", (chunk: Uint8Array<ArrayBuffer>) => this.#addData(chunk));
    this.#stream.on("trailers", (trailers) => this.#addTrailers(trailers));
    this.#stream.on("end", () => this.#end());
    this.#stream.on("error", (error) =>
      this.#fail(createBrokenStreamError(this.#stream.rstCode, error)),
    );
    this.#stream.on("close", () => this.#close());
  }

  #addHeaders(headers: IncomingHttpHeaders): void {
    this.#connection.alive();
    this.#headers = headers;
    if (exceedsLimit(headers["content-length"], this.#maxBytes)) {
      this.#cancel(createResponseTooLargeError(this.#maxBytes));
    }
  }

  #addData(chunk: Uint8Array<ArrayBuffer>): void {
    if (this.#body?.add(chunk) === false) {
      this.#cancel(createResponseTooLargeError(this.#maxBytes));
    }
  }

  #addTrailers(trailers: IncomingHttpHeaders): void {
    this.#trailers = trailers;
  }

  #end(): void {
    // Without trailers, the stream may have been reset. Its close event has the code.
    if (this.#trailers !== undefined || this.#headers?.["grpc-status"] !== undefined) {
      this.#succeed();
    }
  }

  #close(): void {
    this.#connection.slots.free();
    this.#unregister();
    const { rstCode } = this.#stream;
    if (this.#headers !== undefined && rstCode === constants.NGHTTP2_NO_ERROR) {
      this.#succeed();
    } else {
      this.#fail(createBrokenStreamError(rstCode));
    }
    // Node.js releases the stream and its listeners only at the next full garbage collection. Until then, each smaller collection
    // would copy everything that they refer to.
    this.#headers = this.#trailers = this.#body = undefined;
    this.#resolve = this.#reject = this.#unregister = ignore;
  }

  /** Rejects the exchange. Has no effect after its end. */
  #fail(error: unknown): void {
    this.#reject(error);
  }

  #succeed(): void {
    const headers = this.#headers;
    const body = this.#body?.bytes();
    if (headers !== undefined && body !== undefined) {
      this.#unregister();
      const status = Number(headers[":status"]);
      this.#resolve({ status, headers, body, trailers: this.#trailers });
    }
  }

  #cancel(error: unknown): void {
    this.#fail(error);
    // Outside of the events of the stream: Node.js 20 may free memory that it is still reading.
    setImmediate(() => this.#stream.close(constants.NGHTTP2_CANCEL));
  }
}

const ignore = (): void => undefined;
