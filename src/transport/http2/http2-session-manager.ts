import { defaultConnectTimeoutMs } from "../connection-number-rules.js";
import type {
  ClientHttp2Stream,
  ClientSessionOptions,
  OutgoingHttpHeaders,
  SecureClientSessionOptions,
} from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { AttemptError } from "../../call/attempt-error.js";
import type { Call } from "../../call/call.js";
import { clientClosed } from "../../call/client-closed.js";
import type { Deadline } from "../../call/deadline.js";
import { checkSocketOptions } from "../socket/check-socket-options.js";
import { findProxy } from "../socket/find-proxy.js";
import { type TlsSettings, toTlsSettings } from "../socket/tls-settings.js";
import { drainOnGoaway } from "./drain-on-goaway.js";
import { type ConnectionTimes, Http2Connection } from "./http2-connection.js";
import type { Http2SessionOptions } from "./http2-session-options.js";

/** A stream and its connection. */
interface Http2Stream {
  readonly stream: ClientHttp2Stream;
  readonly connection: Http2Connection;
}

/** The request headers of a stream, and the call that it belongs to. */
export interface StreamRequest {
  readonly headers: OutgoingHttpHeaders;
  /** The deadline that ends the wait for a connection. */
  readonly deadline: Deadline;
  /** The state of the call. `sent` becomes true when the stream is opened. */
  readonly call: Call;
}

/**
 * A manager for one HTTP/2 connection to a server. It opens the connection with the first call, and opens another one after the
 * connection was lost or received a GOAWAY. Pass it to gRPC transports as `sessionManager`, instead of connect-node's class of
 * this name.
 *
 * The default timeouts suit the proxies between a client and ZITADEL. Load balancers drop a connection that was silent for one
 * minute (AWS) to ten (Google) without notice to either side, and then lose everything that is sent on it. So the connection is
 * closed before that, and checked with a ping after a silence.
 *
 * A call that gets no connection fails as not sent. A connection that ends during the check is replaced, whereas connect-node's
 * manager may keep the call waiting forever; and its late errors do not end the process. Calls beyond the number of streams that
 * the server allows wait for their turn, in order.
 *
 * @example
 * const sessionManager = new Http2SessionManager(baseUrl, { pingIntervalMs: 10_000 });
 * const transport = createGrpcTransport({ baseUrl, sessionManager });
 * sessionManager.abort(); // closes the connection
 */
export class Http2SessionManager {
  /** The origin of the server. */
  readonly authority: string;
  #times: ConnectionTimes;
  #options: ClientSessionOptions & SecureClientSessionOptions;
  #proxy: URL | undefined;
  #tls: TlsSettings;
  /** The connection that is being opened through the proxy. */
  #tunnel:
    { readonly opened: Promise<Http2Connection>; readonly abort: AbortController } | undefined;
  #current: Http2Connection | undefined;
  /** All open connections, including those that received a GOAWAY and still have calls. */
  #open = new Set<Http2Connection>();
  /** The time after which no connection may be opened, on the clock of `performance.now()`. */
  #connectUntilMs = Number.POSITIVE_INFINITY;
  /** The number of calls that wait for a connection. */
  #waitingCalls = 0;
  #abandonTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    url: URL | string,
    options: Http2SessionOptions = {},
    http2SessionOptions?: ClientSessionOptions | SecureClientSessionOptions,
  ) {
    this.authority = new URL(url).origin;
    this.#times = {
      connectTimeoutMs: options.connectTimeoutMs ?? defaultConnectTimeoutMs,
      pingIntervalMs: options.pingIntervalMs ?? 20_000,
      pingTimeoutMs: options.pingTimeoutMs ?? 10_000,
      idleConnectionTimeoutMs: options.idleConnectionTimeoutMs ?? 50_000,
    };
    // A caller who opens the connection decides how.
    const proxy = http2SessionOptions?.createConnection === undefined ? options.proxy : false;
    checkSocketOptions(url, { proxy, tls: options.tls });
    this.#proxy = findProxy(url, proxy);
    this.#tls = toTlsSettings(options.tls);
    this.#options = { ...this.#tls, ...http2SessionOptions };
  }

  /** True if the connection goes through a forward proxy. */
  get hasProxy(): boolean {
    return this.#proxy !== undefined;
  }

  /** Returns the state of the connection: `open` has calls, `idle` has none. */
  state(): "closed" | "connecting" | "idle" | "open" {
    const connection = this.#current;
    if (connection === undefined || !connection.usable) {
      return this.#tunnel === undefined ? "closed" : "connecting";
    }
    if (connection.isConnecting) {
      return "connecting";
    }
    return connection.slots.taken > 0 ? "open" : "idle";
  }

  /**
   * Opens a stream, and a connection if there is none. Returns synchronously if the server has sent something lately and has a
   * free slot. Opens nothing once the call has ended.
   */
  open(request: StreamRequest): Http2Stream | Promise<Http2Stream> {
    const current = this.#current;
    return current?.trusted === true && current.slots.take()
      ? openOn(current, request)
      : this.#wait(request);
  }

  /** Closes all connections and cuts off open calls. A later call opens a new connection. */
  abort(reason?: Error): void {
    const createReason = (): Error =>
      reason ?? new AttemptError("connection aborted", Code.Canceled, { connectionBroke: true });
    this.#current = undefined;
    this.#abortTunnel(createReason);
    for (const connection of this.#open) {
      connection.destroy(createReason);
    }
  }

  /** Stops the connection attempt through the proxy, if there is one. */
  #abortTunnel(createReason: () => Error): void {
    this.#tunnel?.abort.abort(createReason());
    this.#tunnel = undefined;
  }

  /**
   * Stops opening connections after one more second. The calls that then still wait for a connection fail as not sent
   * (`failed_precondition`). Calls on an open connection continue.
   */
  stopConnecting(): void {
    this.#connectUntilMs = performance.now() + graceMs;
    for (const connection of this.#open) {
      connection.limitConnecting(graceMs, createClosedError);
    }
    const tunnel = this.#tunnel;
    if (tunnel !== undefined) {
      const timer = setTimeout(() => tunnel.abort.abort(createClosedError()), graceMs);
      const clear = (): void => clearTimeout(timer);
      tunnel.opened.then(clear, clear);
    }
  }

  /** Waits for a connection. Without a waiting call, a connection does not keep the process alive, and an attempt ends soon. */
  async #wait(request: StreamRequest): Promise<Http2Stream> {
    this.#waitingCalls++;
    clearTimeout(this.#abandonTimer);
    this.#current?.hold();
    try {
      return await request.deadline.race(this.#openWhenReady(request));
    } finally {
      this.#waitingCalls--;
      if (this.#waitingCalls === 0) {
        this.#current?.letGo();
        this.#abandonTimer = setTimeout(() => this.#abandon(), abandonMs).unref();
      }
    }
  }

  /** Ends a connection attempt that no call waits for. */
  #abandon(): void {
    if (this.state() === "connecting") {
      const createReason = (): Error =>
        new ConnectError("no call waits for the connection any more", Code.Canceled);
      this.#abortTunnel(createReason);
      this.#current?.destroy(createReason);
    }
  }

  async #openWhenReady(request: StreamRequest): Promise<Http2Stream> {
    const connection = await this.#ready(request.deadline).catch(throwUnsent);
    try {
      request.deadline.throwIfEnded();
    } catch (reason) {
      connection.slots.free();
      throw reason;
    }
    return openOn(connection, request);
  }

  /**
   * Returns a connection with a slot taken for one stream. A connection that ends during the wait is replaced, at most
   * twice.
   */
  async #ready(deadline: Deadline): Promise<Http2Connection> {
    for (let attempt = 1; attempt <= 3; attempt++) {
      const connection = this.#current?.usable ? this.#current : await this.#connect();
      await connection.connected;
      // After the end of the call, no ping and no place in the queue is needed.
      deadline.throwIfEnded();
      if ((await connection.verify()) && (await connection.slots.wait(deadline))) {
        return connection;
      }
      deadline.throwIfEnded();
    }
    throw new ConnectError("each connection closed at once", Code.Unavailable);
  }

  /** Opens a connection. All calls wait for the same one. */
  #connect(): Http2Connection | Promise<Http2Connection> {
    if (this.#connectUntilMs <= performance.now()) {
      throw createClosedError();
    }
    if (this.#proxy === undefined) {
      return this.#startSession(this.#options, this.#times);
    }
    if (this.#tunnel === undefined) {
      const abort = new AbortController();
      const opened = this.#connectThrough(this.#proxy, abort.signal).finally(() => {
        if (this.#tunnel?.abort === abort) {
          this.#tunnel = undefined;
        }
      });
      this.#tunnel = { opened, abort };
    }
    return this.#tunnel.opened;
  }

  async #connectThrough(proxy: URL, signal: AbortSignal): Promise<Http2Connection> {
    const startedMs = performance.now();
    // Load the tunnel on demand: most connections go without a proxy.
    const { startHttp2Tunnel } = await import("./http2-tunnel.js");
    const tunnel = {
      proxy,
      authority: this.authority,
      timeoutMs: this.#times.connectTimeoutMs,
      tls: this.#tls,
      session: this.#options,
      signal,
    };
    return await startHttp2Tunnel(tunnel, (options) =>
      this.#startSession(options, { ...this.#times, passedMs: performance.now() - startedMs }),
    );
  }

  /** Starts the HTTP/2 session on a new connection. */
  #startSession(
    options: ClientSessionOptions & SecureClientSessionOptions,
    times: ConnectionTimes,
  ): Http2Connection {
    const connection = new Http2Connection(this.authority, times, options);
    connection.limitConnecting(this.#connectUntilMs - performance.now(), createClosedError);
    this.#current = connection;
    if (this.#waitingCalls > 0) {
      connection.hold();
    }
    this.#open.add(connection);
    drainOnGoaway(connection);
    connection.session.once("close", () => this.#open.delete(connection));
    return connection;
  }
}

/** The time that `stopConnecting` leaves to connection attempts in milliseconds, for calls that began right before. */
const graceMs = 1000;

/** The time for which a connection attempt continues without a waiting call, in milliseconds. The next call often comes at once. */
const abandonMs = 500;

function createClosedError(): ConnectError {
  return new ConnectError(clientClosed, Code.FailedPrecondition);
}

/** Opens a stream in a slot that was taken for it. */
function openOn(connection: Http2Connection, { headers, call }: StreamRequest): Http2Stream {
  try {
    const stream = connection.open(headers);
    call.sent = true;
    return { stream, connection };
  } catch (error) {
    connection.slots.free();
    return throwUnsent(error);
  }
}

function throwUnsent(error: unknown): never {
  throw AttemptError.with(ConnectError.from(error, Code.Unavailable), { notDone: "unsent" });
}
