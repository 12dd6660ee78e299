import type { Call } from "../../call/call.js";
import type { Deadline } from "../../call/deadline.js";
import type { RestResponse } from "../../rest/response.js";
import type { SocketOptions } from "../socket/socket-options.js";
import { toNetworkError } from "./network-error.js";

/** A request with a complete body, and the call that it belongs to. */
export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
  readonly deadline: Deadline;
  /** The maximum length of the response body, in bytes. */
  readonly readMaxBytes: number;
  /** The state of the call. `sent` becomes true when the request is handed to a connection, for which it may wait first. */
  readonly call: Call;
}

/**
 * A function that sends a request and reads the response to its end. It returns a redirect as it is, because following it would
 * carry the token to another server. It rejects with the error of the network or of the deadline, and with `resource_exhausted` if
 * the response is too long.
 */
export type HttpSend = (request: HttpRequest) => Promise<RestResponse>;

/** A sender over the HTTP/2 connection to one server. */
export interface Http2Sender {
  readonly origin: string;
  readonly send: HttpSend;
}

/** Options of connections. They have no effect if `fetch` sends the requests, because it manages its own connections. */
export interface HttpOptions extends SocketOptions {
  /** The timeout for name resolution, connecting and the TLS handshake, in milliseconds. Default: 10,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** The maximum number of connections to one origin. Further requests wait for their turn. Default: 256. */
  readonly maxConnections?: number | undefined;
}

/** Options of a function that sends requests to one server. */
export interface SendOptions extends HttpOptions {
  /** A URL of the server. It decides on the proxy. */
  readonly baseUrl: string | URL;
  /** The open HTTP/2 connection to the server, for the case that it supports nothing else. Default: a connection of its own. */
  readonly http2?: Http2Sender | undefined;
  /** The function that sends the requests instead of our own connections. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** Sends a request. Throws network errors as `AttemptError`s, which say if the request was not sent. */
export async function sendRequest(send: HttpSend, request: HttpRequest): Promise<RestResponse> {
  try {
    return await send(request);
  } catch (error) {
    const headerNames = Object.keys(request.headers);
    throw toNetworkError(error, { headerNames, sent: request.call.sent });
  }
}
