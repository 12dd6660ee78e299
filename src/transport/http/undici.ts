/// <reference path="./undici-agent.d.ts" />
import type { Dispatcher } from "undici";
// Not "undici" itself: importing that puts its own dispatcher under the global fetch.
import Agent from "undici/lib/dispatcher/agent.js";
import type { RestResponse } from "../../rest/response.js";
import { onAbort } from "../abort.js";
import type { HttpRequest } from "./http.js";
import { toHeaders } from "./node-headers.js";

/** One for all clients of the process: it keeps connections by origin, and lets idle ones go after some seconds. */
const agent = new Agent();

/** Sends a request, and collects its response. */
export function dispatch(url: string, request: HttpRequest): Promise<RestResponse> {
  const { origin, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const exchange = new Exchange(request.signal, resolve, reject);
    agent.dispatch(
      {
        origin,
        path: pathname + search,
        method: request.method as Dispatcher.HttpMethod,
        headers: request.headers,
        body: request.body ?? null,
      },
      exchange,
    );
  });
}

/** What undici tells of one request. */
class Exchange implements Dispatcher.DispatchHandler {
  #signal: AbortSignal | undefined;
  #resolve: (response: RestResponse) => void;
  #reject: (error: unknown) => void;
  #unlisten: (() => void) | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers = new Headers();
  #chunks: Uint8Array<ArrayBuffer>[] = [];

  constructor(
    signal: AbortSignal | undefined,
    resolve: (response: RestResponse) => void,
    reject: (error: unknown) => void,
  ) {
    this.#signal = signal;
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

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#signal?.aborted) {
      controller.abort(reasonOf(this.#signal));
    }
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // Informational responses come first, and go.
    this.#status = status;
    this.#headers = toHeaders(headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer<ArrayBuffer>): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#unlisten?.();
    const [first = new Uint8Array(), ...more] = this.#chunks;
    this.#resolve({
      status: this.#status,
      headers: this.#headers,
      body: more.length === 0 ? first : Buffer.concat(this.#chunks),
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#unlisten?.();
    this.#reject(error);
  }
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
