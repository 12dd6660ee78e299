import type { MisroutingReason } from "./misrouting-reason.js";

/** The facts about a failed attempt that its code and text do not show. They decide on retries, on the outcome and on hints. */
export interface AttemptFacts {
  /** The HTTP status, if there was a response. */
  readonly httpStatus?: number | undefined;
  /** The HTTP status that the text of the response describes if another status was sent, e.g. 413 for a 404 page "request too large". */
  readonly impliedStatus?: number | undefined;
  /** True if ZITADEL itself sent the error, and not a proxy in front of it. Over gRPC, `grpc-status` shows it. */
  readonly isFromZitadel?: boolean | undefined;
  /**
   * The proof that the request was not carried out: it was never sent (`unsent`), or the server rejected it before it began
   * (`rejected`: HTTP/2 REFUSED_STREAM, or a stream above the last one of a GOAWAY).
   */
  readonly notDone?: "unsent" | "rejected" | undefined;
  /** The problem with a request that cannot be encoded. */
  readonly encodingProblem?: string | undefined;
  /** True if a request for a token failed. The text of the error names that request. */
  readonly isTokenRequest?: boolean | undefined;
  /** The URL of a request for a token that failed. It may be on another server than the API. */
  readonly tokenRequestUrl?: string | undefined;
  /** True if the connection failed, before or during the response. */
  readonly connectionBroke?: boolean | undefined;
  /** The error code with which the server reset the HTTP/2 stream of the request (RFC 9113, section 7). */
  readonly http2ErrorCode?: number | undefined;
  /** True if the server closed a new HTTP/2 connection before it sent its settings. */
  readonly closedBeforeSettings?: boolean | undefined;
  /** True if no connection was ready within `connectTimeoutMs`. */
  readonly isConnectTimeout?: boolean | undefined;
  /** The kind of misrouting that the response shows. */
  readonly misrouting?: MisroutingReason | undefined;
  /** The forward proxy that did not connect to the server. Its host and the target have a port, and no credentials. */
  readonly forwardProxy?: ForwardProxyFacts | undefined;
  /** True if the response is unusable and another request would get the same response, e.g. one above the size limit. */
  readonly isUnusable?: boolean | undefined;
  /** True if the response reports success, but its message cannot be decoded. Another request may get an undamaged response. */
  readonly isDamaged?: boolean | undefined;
  /** The names of the headers that were sent. A browser may have rejected one of them. */
  readonly headers?: readonly string[] | undefined;
}

/** The facts about a forward proxy that did not connect to the server. */
export interface ForwardProxyFacts {
  readonly host: string;
  readonly target: string;
  /** True if its URL has a user name or a password. */
  readonly hasCredentials: boolean;
  /** The HTTP status of its answer. Undefined if it cannot be reached. */
  readonly status?: number | undefined;
}
