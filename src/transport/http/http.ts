import type { RestResponse } from "../../rest/response.js";
import type { SendState } from "../../call/call-record.js";
import { attempt } from "../attempt.js";

/** A request of one piece, and the call that it is for. */
export interface HttpRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
  readonly signal: AbortSignal | undefined;
  /** The longest response body, in bytes. */
  readonly readMaxBytes: number;
  /** Becomes `sent` in the moment in which the request may leave: it may wait for a connection first. */
  readonly record: SendState;
}

/**
 * Sends a request, and reads the response to its end. A redirect comes back as it is: following it would carry the token to
 * another place. Fails with what the network or the signal says, and with `resource_exhausted` if the response is too long.
 */
export type HttpSend = (url: string, request: HttpRequest) => Promise<RestResponse>;

/** The limits of connections. Without meaning where `fetch` sends: it keeps its connections to itself. */
export interface HttpOptions {
  /** The time for name resolution, connecting and the TLS handshake, in milliseconds. Default: 10,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** The number of connections to one origin. Requests beyond it wait for their turn. Default: 256. */
  readonly maxConnections?: number | undefined;
}

/** Sends `request`. An error of the network gets a code, and says whether the request may have left. */
export function sendRequest(
  send: HttpSend,
  url: string,
  request: HttpRequest,
): Promise<RestResponse> {
  return withNetworkErrors(() => send(url, request), request);
}

/**
 * Runs `work`, and gives failures of the network a code; aborts and deadlines stay as they are. Without a request, `work` is
 * taken for one that has left.
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
