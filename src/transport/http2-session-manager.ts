import {
  type ClientHttp2Stream,
  type ClientSessionOptions,
  type OutgoingHttpHeaders,
  type SecureClientSessionOptions,
} from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { type SendState, throwIfEnded } from "../call/call-record.js";
import { clientClosed } from "../connect-error.js";
import { throwIfAborted, untilAborted } from "./abort.js";
import { withEvidence } from "./evidence.js";
import { type ConnectionTimes, Http2Connection } from "./http2-connection.js";

/** A stream, and the connection that it is on. */
export interface Http2Stream {
  readonly stream: ClientHttp2Stream;
  readonly connection: Http2Connection;
}

/** The request headers of a stream, and the call that it is for. */
export interface StreamRequest {
  readonly headers: OutgoingHttpHeaders;
  /** Ends the wait for a connection. */
  readonly signal: AbortSignal | undefined;
  /** Becomes true in the moment in which the request leaves. */
  readonly record: SendState;
}

/** Times of a connection in milliseconds. The names are connect-node's, but for `connectTimeoutMs`. */
export interface Http2SessionOptions {
  /**
   * The time limit for a new connection: name resolution, TCP, TLS and the first SETTINGS of the server. After it, the
   * connection is given up, and the calls that wait for it fail as never sent (`unavailable`). Default: 10,000.
   */
  connectTimeoutMs?: number | undefined;
  /** The silence after which a connection is tried with a ping: before its next call, and under calls. Default: 20,000. */
  pingIntervalMs?: number | undefined;
  /** The time that the answer to a ping may take before the connection is given up. Default: 10,000. */
  pingTimeoutMs?: number | undefined;
  /** The time that a connection stays open without calls. Default: 50,000. */
  idleConnectionTimeoutMs?: number | undefined;
}

/**
 * One HTTP/2 connection to a server: opened with the first call, opened again when it is gone or told to go. It serves as
 * `sessionManager` of a gRPC transport, in the place of connect-node's class of this name.
 *
 * Its limits suit what stands between a client and ZITADEL. Load balancers forget a connection that was silent for one
 * minute (AWS) to ten (Google), without a word to either side, and what is sent on it then is lost: so it is closed before
 * that, and tried with a ping after a silence.
 *
 * A call for which no connection can be had fails as one that was never sent. A connection that ends while it is tried is
 * replaced, where connect-node's may keep the call waiting for ever; and its late errors do not end the process. Calls beyond
 * the number of streams that the server allows wait for their turn, in order.
 */
export class Http2SessionManager {
  /** The origin of the server. */
  readonly authority: string;
  #times: ConnectionTimes;
  #options: ClientSessionOptions | SecureClientSessionOptions | undefined;
  #current: Http2Connection | undefined;
  /** All open connections: one that was told to go still has its calls. */
  #open = new Set<Http2Connection>();
  /** The end of connecting, in `performance.now()`. */
  #connectUntilMs = Number.POSITIVE_INFINITY;

  constructor(
    url: URL | string,
    options: Http2SessionOptions = {},
    http2SessionOptions?: ClientSessionOptions | SecureClientSessionOptions,
  ) {
    this.authority = new URL(url).origin;
    this.#times = {
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      pingIntervalMs: options.pingIntervalMs ?? 20_000,
      pingTimeoutMs: options.pingTimeoutMs ?? 10_000,
      idleConnectionTimeoutMs: options.idleConnectionTimeoutMs ?? 50_000,
    };
    this.#options = http2SessionOptions;
  }

  /** Returns the state of the connection: `open` has calls, `idle` has none. */
  state(): "closed" | "connecting" | "idle" | "open" {
    const connection = this.#current;
    if (connection === undefined || !connection.usable) {
      return "closed";
    }
    return connection.isConnecting ? "connecting" : connection.streams > 0 ? "open" : "idle";
  }

  /**
   * Opens a stream, and a connection if there is none: at once on a connection that was heard of lately and has room.
   * Nothing is opened once the signal of the call has aborted.
   */
  open(request: StreamRequest): Http2Stream | Promise<Http2Stream> {
    const current = this.#current;
    return current?.trusted === true && current.takeSlot()
      ? openOn(current, request)
      : untilAborted(this.#openWhenReady(request), request.signal);
  }

  /** Closes what is open; calls under way are cut off. A later call opens a new connection. */
  abort(reason: Error = new ConnectError("connection aborted", Code.Canceled)): void {
    this.#current = undefined;
    for (const connection of this.#open) {
      connection.destroy(reason);
    }
  }

  /**
   * Ends the making of connections: one that is not ready after a second is given up, and no new one is made. The calls that
   * wait for it fail as never sent (`failed_precondition`). Calls on an open connection go on.
   */
  stopConnecting(): void {
    this.#connectUntilMs = performance.now() + graceMs;
    for (const connection of this.#open) {
      connection.limitConnecting(graceMs, managerClosed());
    }
  }

  async #openWhenReady(request: StreamRequest): Promise<Http2Stream> {
    const connection = await this.#ready(request.signal).catch(neverSent);
    try {
      throwIfEnded(request.record, request.signal);
    } catch (reason) {
      connection.freeSlot();
      throw reason;
    }
    return openOn(connection, request);
  }

  /**
   * Returns a connection with a slot taken for one stream. A connection that ends while it is waited for is replaced, but not
   * for ever.
   */
  async #ready(signal: AbortSignal | undefined): Promise<Http2Connection> {
    for (let replaced = 0; replaced < 3; replaced++) {
      const connection = this.#current?.usable ? this.#current : this.#connect();
      await connection.connected;
      // Nobody waits any more: no ping, no place in the queue.
      throwIfAborted(signal);
      if ((await connection.verify()) && (await connection.waitForSlot(signal))) {
        return connection;
      }
      throwIfAborted(signal);
    }
    throw new ConnectError("each connection closed at once", Code.Unavailable);
  }

  #connect(): Http2Connection {
    const remainingMs = this.#connectUntilMs - performance.now();
    if (remainingMs <= 0) {
      throw managerClosed();
    }
    const connection = new Http2Connection(this.authority, this.#times, this.#options);
    connection.limitConnecting(remainingMs, managerClosed());
    this.#current = connection;
    this.#open.add(connection);
    connection.session.once("close", () => this.#open.delete(connection));
    return connection;
  }
}

/** The time that `stopConnecting` leaves to a connection, for calls that were made right before. */
const graceMs = 1000;

function managerClosed(): ConnectError {
  return new ConnectError(clientClosed, Code.FailedPrecondition);
}

/** Opens a stream in a slot that was taken for it. */
function openOn(connection: Http2Connection, { headers, record }: StreamRequest): Http2Stream {
  try {
    const stream = connection.open(headers);
    record.sent = true;
    return { stream, connection };
  } catch (error) {
    connection.freeSlot();
    return neverSent(error);
  }
}

function neverSent(error: unknown): never {
  throw withEvidence(ConnectError.from(error, Code.Unavailable), { notDone: "unsent" });
}
