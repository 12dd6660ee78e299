import type { RestResponse } from "../../rest/response.js";
import type { SendState } from "../../call/call-record.js";
import { attempt } from "../../call/attempt.js";

/** A request with a complete body, and the call that it belongs to. */
export interface HttpRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
  readonly signal: AbortSignal | undefined;
  /** The maximum length of the response body, in bytes. */
  readonly readMaxBytes: number;
  /** The state of the call. `sent` becomes true when the request is handed to a connection, for which it may wait first. */
  readonly record: SendState;
}

/**
 * A function that sends a request and reads the response to its end. It returns a redirect as it is, because following it would
 * carry the token to another server. It rejects with the error of the network or of the signal, and with `resource_exhausted` if
 * the response is too long.
 */
export type HttpSend = (url: string, request: HttpRequest) => Promise<RestResponse>;

/** Limits of connections. They have no effect if `fetch` sends the requests, because it manages its own connections. */
export interface HttpOptions {
  /** The timeout for name resolution, connecting and the TLS handshake, in milliseconds. Default: 10,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** The maximum number of connections to one origin. Further requests wait for their turn. Default: 256. */
  readonly maxConnections?: number | undefined;
}

/** Sends `request`. A network error gets a code, and a mark if the request was not sent. */
export function sendRequest(
  send: HttpSend,
  url: string,
  request: HttpRequest,
): Promise<RestResponse> {
  return withNetworkErrors(() => send(url, request), request);
}

/**
 * Runs `work`, and converts network errors into ConnectErrors. Aborts and deadlines pass unchanged. Without a request, the
 * request counts as sent.
 */
export function withNetworkErrors<T>(
  work: () => Promise<T>,
  { headers, record }: Pick<HttpRequest, "headers" | "record"> = {
    headers: {},
    record: { sent: true },
  },
): Promise<T> {
  return attempt(work).catch(async (error: unknown) => {
    if (error instanceof Error && /^(?:Connect|Abort|Timeout)Error$/.test(error.name)) {
      throw error;
    }
    const { networkError } = await import("#failures");
    throw networkError(error, Object.keys(headers), record.sent);
  });
}
