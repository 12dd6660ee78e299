import type { Code } from "@connectrpc/connect";

/**
 * The time at which a fault applies. Default: `"before"`.
 *
 * - `"before"`: before the call, which is then not carried out.
 * - `"after"`: after the call, so that only the response is lost.
 *
 * A caller cannot tell one from the other.
 */
export type Moment = "before" | "after";

/**
 * A fault that delays the response.
 *
 * @example
 * ```ts
 * createEmulator().inject({ rpc: "ListProviders", fault: { type: "delay", ms: 200 } });
 * ```
 */
export interface DelayFault {
  type: "delay";
  /**
   * The delay in milliseconds. A call that ends earlier, because of its own deadline or because its client disconnects, does not
   * wait longer.
   */
  ms: number;
  /** The time of the delay. With `"after"` the call is carried out even if its client gives up. Default: `"before"`. */
  when?: Moment | undefined;
}

/**
 * A fault that closes the connection without a response.
 *
 * @example
 * ```ts
 * createEmulator().inject({ times: 1, fault: { type: "drop", when: "after" } });
 * ```
 */
export interface DropFault {
  type: "drop";
  /** The time of the fault: before or after the call is carried out. Default: `"before"`. */
  when?: Moment | undefined;
}

/**
 * A fault that resets the connection (TCP RST) without a response.
 *
 * @example
 * ```ts
 * createEmulator().inject({ times: 1, fault: { type: "reset" } });
 * ```
 */
export interface ResetFault {
  type: "reset";
  /** The time of the fault: before or after the call is carried out. Default: `"before"`. */
  when?: Moment | undefined;
}

/**
 * A fault that sends an HTTP/2 GOAWAY. Over HTTP/1.1 the connection is closed.
 *
 * @example
 * ```ts
 * createEmulator().inject({ protocol: "grpc", times: 1, fault: { type: "goaway", call: "lost" } });
 * ```
 */
export interface GoawayFault {
  type: "goaway";
  /**
   * The fate of the call itself. Default: `"refused"`.
   *
   * - `"refused"`: the call is not carried out, and the last stream id of the GOAWAY excludes it.
   * - `"lost"`: the last stream id includes the call, but the connection closes without a response.
   * - `"answered"`: the call gets its response; only the next call needs another connection, as after a graceful shutdown.
   */
  call?: "refused" | "lost" | "answered" | undefined;
  /** The time of the fault for `"lost"`: with `"before"`, the default, the call is not carried out. */
  when?: Moment | undefined;
}

/**
 * A fault that refuses the stream (HTTP/2 RST_STREAM with REFUSED_STREAM): the call is certainly not carried out. Over HTTP/1.1
 * the connection is closed.
 *
 * @example
 * ```ts
 * createEmulator().inject({ protocol: "grpc", times: 1, fault: { type: "refused-stream" } });
 * ```
 */
export interface RefusedStreamFault {
  type: "refused-stream";
}

/**
 * A fault that returns an error of ZITADEL itself.
 *
 * @example
 * ```ts
 * createEmulator().inject({ fault: { type: "status", code: Code.NotFound, id: "QUERY-SAFrt" } });
 * ```
 */
export interface StatusFault {
  type: "status";
  /** The code of the error. */
  code: Code;
  /** The id of the error, e.g. `"COMMAND-1M9xR"`. Default: none. */
  id?: string | undefined;
  /** The text of the error, without the id. Default: `"injected fault"`. */
  message?: string | undefined;
  /** The time of the fault: before or after the call is carried out. Default: `"before"`. */
  when?: Moment | undefined;
}

/**
 * A fault that returns the error of the real server for a deadline that expires inside the server.
 *
 * The code is `deadline_exceeded` only over REST. Over gRPC and gRPC-web it is `internal` if nothing was done, and `unknown` if
 * the write was done.
 *
 * @example
 * ```ts
 * createEmulator().inject({ rpc: "AddLDAPProvider", fault: { type: "expired-deadline", when: "after" } });
 * ```
 */
export interface ExpiredDeadlineFault {
  type: "expired-deadline";
  /** The time of the fault: before or after the call is carried out. Default: `"before"`. */
  when?: Moment | undefined;
}

/**
 * A fault that treats the token as expired: `unauthenticated`, `AUTH-7fs1e`.
 *
 * @example
 * ```ts
 * createEmulator().inject({ times: 1, fault: { type: "stale-token" } });
 * ```
 */
export interface StaleTokenFault {
  type: "stale-token";
}

/**
 * A fault that returns the response of something in front of the server, such as a proxy. `tooManyRequests()` and `badGateway()`
 * create common ones.
 *
 * @example
 * ```ts
 * createEmulator().inject({ path: "/oauth/v2/token", fault: { type: "http", status: 503 } });
 * ```
 */
export interface HttpFault {
  type: "http";
  /** The HTTP status, from 200 to 599. */
  status: number;
  /** The headers of the response. Default: none. */
  headers?: Record<string, string> | undefined;
  /** The body of the response. Default: empty. */
  body?: string | undefined;
  /** The time of the fault: before or after the call is carried out. Default: `"before"`. */
  when?: Moment | undefined;
}

/**
 * A fault that carries the call out and ends the body of its response too early.
 *
 * @example
 * ```ts
 * createEmulator().inject({ rpc: "GetProviderByID", fault: { type: "truncate", bytes: 10 } });
 * ```
 */
export interface TruncateFault {
  type: "truncate";
  /** The number of bytes of the body that are sent. Default: half of the body. */
  bytes?: number | undefined;
  /**
   * The way in which the body ends. Default: `"cut"`.
   *
   * - `"cut"`: the connection closes within the body, so that HTTP itself detects the truncation.
   * - `"clean"`: the response is complete for HTTP, as behind a proxy that truncated it.
   */
  end?: "cut" | "clean" | undefined;
}

/**
 * A failure that an emulator can inject into a call.
 *
 * @example
 * ```ts
 * const fault: Fault = { type: "reset", when: "after" };
 * ```
 */
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
