import type { Dispatcher } from "undici";
import type { RestResponse } from "../../rest/response.js";
import { onAbort, throwIfAborted } from "../abort.js";
import type { HttpRequest } from "./http.js";
import { toHeaders } from "./node-headers.js";
import { createAgent } from "./undici-agent.js";

/** One for all clients of the process: it keeps connections by origin, and lets idle ones go after some seconds. */
const agent = createAgent();

/** Sends a request, and collects its response. */
export function dispatch(url: string, request: HttpRequest): Promise<RestResponse> {
  throwIfAborted(request.signal);
  const { origin, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const exchange = new Exchange(request, resolve, reject);
    agent.dispatch(
      {
        origin,
        path: pathname + search,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
      },
      exchange,
    );
  });
}

type ReceivedHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A response whose headers are made when somebody looks at them. */
class Received implements RestResponse {
  readonly status: number;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  #received: ReceivedHeaders;
  #headers: Headers | undefined;

  constructor(status: number, received: ReceivedHeaders, body: Uint8Array<ArrayBuffer>) {
    this.status = status;
    this.body = body;
    this.contentType = String(received["content-type"] ?? "");
    this.#received = received;
  }

  get headers(): Headers {
    return (this.#headers ??= toHeaders(this.#received));
  }
}

/** What undici tells of one request. */
class Exchange implements Dispatcher.DispatchHandler {
  #signal: AbortSignal | undefined;
  #record: { sent: boolean };
  #resolve: (response: RestResponse) => void;
  #reject: (error: unknown) => void;
  #unlisten: (() => void) | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: ReceivedHeaders = {};
  #chunks: Uint8Array<ArrayBuffer>[] = [];

  constructor(
    { signal, record }: HttpRequest,
    resolve: (response: RestResponse) => void,
    reject: (error: unknown) => void,
  ) {
    this.#signal = signal;
    this.#record = record;
    this.#resolve = resolve;
    this.#reject = reject;
    if (signal !== undefined) {
      this.#unlisten = onAbort(signal, () => {
        this.#controller?.abort(reasonOf(signal));
        // Perhaps it still waits for a connection.
        reject(signal.reason);
      });
    }
  }

  /** Comes when there is a connection, right before the request is written to it. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#signal?.aborted) {
      controller.abort(reasonOf(this.#signal));
    } else {
      this.#record.sent = true;
    }
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: ReceivedHeaders,
  ): void {
    // Informational responses come first, and go.
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer<ArrayBuffer>): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#unlisten?.();
    const [first = new Uint8Array(), ...more] = this.#chunks;
    const body = more.length === 0 ? first : Buffer.concat(this.#chunks);
    this.#resolve(new Received(this.#status, this.#headers, body));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#unlisten?.();
    this.#reject(error);
  }
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
