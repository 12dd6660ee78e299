import type { Code } from "@connectrpc/connect";

/**
 * Whether a fault strikes before the call is carried out, which then never happens, or after it, when only the answer is
 * lost: a caller cannot tell one from the other. Default: `"before"`.
 */
export type Moment = "before" | "after";

/** The answer takes longer. */
export interface DelayFault {
  type: "delay";
  /** Milliseconds. A call that ends before, by its own deadline or because its caller gave up, ends then. */
  ms: number;
  /** After the call, it is done though the caller may have given up. Default: `"before"`. */
  when?: Moment;
}

/** The connection is closed without an answer. */
export interface DropFault {
  type: "drop";
  when?: Moment;
}

/** The connection is reset (TCP RST) without an answer. */
export interface ResetFault {
  type: "reset";
  when?: Moment;
}

/** The server leaves with an HTTP/2 GOAWAY. Over HTTP/1.1 the connection is closed. */
export interface GoawayFault {
  type: "goaway";
  /**
   * What becomes of the call itself. `"refused"`, the default: it is not carried out, and the last stream id of the GOAWAY
   * says so. `"lost"`: the last stream id covers it, but the connection closes without an answer. `"answered"`: it is
   * answered; only the next call needs another connection, as with a server that shuts down in good order.
   */
  call?: "refused" | "lost" | "answered";
  /** For `"lost"`: whether the call is carried out. Default: `"before"`, not. */
  when?: Moment;
}

/** The stream is refused (HTTP/2 RST_STREAM with REFUSED_STREAM): certainly not carried out. Over HTTP/1.1 the connection is closed. */
export interface RefusedStreamFault {
  type: "refused-stream";
}

/** An error of ZITADEL itself. */
export interface StatusFault {
  type: "status";
  code: Code;
  /** The id of the error, e.g. `"COMMAND-1M9xR"`. Default: none. */
  id?: string;
  /** The text, without the id. Default: `"injected fault"`. */
  message?: string;
  when?: Moment;
}

/**
 * What the server answers when the deadline of a call runs out inside it. That is seldom `deadline_exceeded`: over REST yes,
 * over gRPC and gRPC-web `internal` if nothing was done, and `unknown` if the write was done.
 */
export interface ExpiredDeadlineFault {
  type: "expired-deadline";
  when?: Moment;
}

/** The token counts as expired: `unauthenticated`, `AUTH-7fs1e`. */
export interface StaleTokenFault {
  type: "stale-token";
}

/** An answer of something in front of the server, such as a proxy. Ready-made: `tooManyRequests()`, `badGateway()`. */
export interface HttpFault {
  type: "http";
  /** From 200 to 599. */
  status: number;
  headers?: Record<string, string>;
  body?: string;
  when?: Moment;
}

/** The call is carried out, and the body of its answer ends too early. */
export interface TruncateFault {
  type: "truncate";
  /** How many bytes of the body are sent. Default: half of it. */
  bytes?: number;
  /**
   * `"cut"`, the default: the connection closes within the body, so that HTTP itself notices. `"clean"`: to HTTP the answer is
   * complete, as behind a proxy that cut it.
   */
  end?: "cut" | "clean";
}

/** What goes wrong. */
export type Fault =
  | DelayFault
  | DropFault
  | ResetFault
  | GoawayFault
  | RefusedStreamFault
  | StatusFault
  | ExpiredDeadlineFault
  | StaleTokenFault
  | HttpFault
  | TruncateFault;

/** HTTP 429 with `Retry-After`, as a rate limit in front of the server answers. The call is not carried out. */
export function tooManyRequests(options: { retryAfterSeconds?: number } = {}): HttpFault {
  const { retryAfterSeconds = 1 } = options;
  return {
    type: "http",
    status: 429,
    headers: { "retry-after": String(retryAfterSeconds), "content-type": "text/plain" },
    body: "Too Many Requests\n",
  };
}

/** HTTP 502 with a page of HTML, as a proxy answers that does not reach the server. */
export function badGateway(options: { when?: Moment } = {}): HttpFault {
  return {
    type: "http",
    status: 502,
    headers: { "content-type": "text/html" },
    body: "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n",
    ...options,
  };
}
