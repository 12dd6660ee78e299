import type { Dispatcher } from "undici";
import type { RestResponse } from "../../rest/response.js";
import { exceedsLimit, createResponseTooLargeError } from "../response-limit.js";
import { ByteCollector } from "../../utils/byte-collector.js";
import { ConnectionQueue } from "./connection-queue.js";
import type { HttpRequest } from "./send-request.js";
import { isError } from "../../utils/is-error.js";
import type { ReceivedHeaders } from "./node-headers.js";
import { NodeResponse } from "./node-response.js";

/** The state of one request, from the queue to its end. */
export class UndiciExchange implements Dispatcher.DispatchHandler {
  readonly #request: HttpRequest;
  readonly #queue: ConnectionQueue;
  readonly #resolve: (response: RestResponse) => void;
  readonly #reject: (error: unknown) => void;
  readonly #body: ByteCollector;
  #unregister: (() => void) | undefined;
  #leaveQueue: (() => void) | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: ReceivedHeaders = {};
  #hasEnded = false;

  constructor(
    request: HttpRequest,
    queue: ConnectionQueue,
    resolve: (response: RestResponse) => void,
    reject: (error: unknown) => void,
  ) {
    this.#request = request;
    this.#queue = queue;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#body = new ByteCollector(request.readMaxBytes);
  }

  /** Calls `start` when it is this request's turn, unless its deadline ends earlier. */
  begin(start: () => void): void {
    const { deadline } = this.#request;
    deadline.throwIfEnded();
    this.#unregister = deadline.onEnd((reason) => this.#abort(reason));
    this.#leaveQueue = this.#queue.enter(() => {
      try {
        start();
      } catch (error) {
        this.#end();
        this.#reject(error);
      }
    });
  }

  #abort(reason: unknown): void {
    this.#leaveQueue?.();
    this.#controller?.abort(toError(reason));
    // Without a controller, the request is still waiting for its turn or for a connection.
    this.#reject(reason);
  }

  /** Runs when there is a connection, right before the request is written to it. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    const { deadline, call } = this.#request;
    try {
      deadline.throwIfEnded();
      call.sent = true;
    } catch (reason) {
      controller.abort(toError(reason));
    }
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: ReceivedHeaders,
  ): void {
    // Informational responses come first and are overwritten.
    this.#status = status;
    this.#headers = headers;
    const { readMaxBytes } = this.#request;
    if (exceedsLimit(String(headers["content-length"] ?? 0), readMaxBytes)) {
      controller.abort(createResponseTooLargeError(readMaxBytes));
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer<ArrayBuffer>): void {
    if (!this.#body.add(chunk)) {
      controller.abort(createResponseTooLargeError(this.#request.readMaxBytes));
    }
  }

  onResponseEnd(): void {
    this.#end();
    this.#resolve(new NodeResponse(this.#status, this.#headers, this.#body.bytes()));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end();
    this.#reject(error);
  }

  #end(): void {
    this.#unregister?.();
    if (!this.#hasEnded) {
      this.#hasEnded = true;
      this.#queue.leave();
    }
  }
}

function toError(reason: unknown): Error {
  return isError(reason) ? reason : new Error(String(reason));
}
