import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionOptions,
  type ClientSessionRequestOptions,
  connect,
  constants,
  type OutgoingHttpHeaders,
  type SecureClientSessionOptions,
} from "node:http2";
import { addAbortSignal } from "node:stream";
import { longestTimerMs } from "../../utils/check-number.js";
import { createConnectTimeoutError } from "../socket/connect-timeout-error.js";
import { awaitSettings } from "./await-settings.js";
import { sendPing } from "./send-ping.js";
import { StreamSlots } from "./stream-slots.js";

/** The timeouts of a connection, with defaults: see `Http2SessionOptions`. */
export interface ConnectionTimes {
  readonly connectTimeoutMs: number;
  /** The part of `connectTimeoutMs` that has passed before the session starts. Default: 0. */
  readonly passedMs?: number | undefined;
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  readonly idleConnectionTimeoutMs: number;
}

type ConnectOptions = ClientSessionOptions | SecureClientSessionOptions;

/** An HTTP/2 connection, from its handshake to its end. It does not keep a process alive unless there are calls. */
export class Http2Connection {
  readonly session: ClientHttp2Session;
  /**
   * Resolves when the server has sent its settings. An HTTP/2 server sends them first, so before that, the server may be
   * anything. Rejects if there is no connection, or none in time.
   */
  readonly connected: Promise<void>;
  /** The slots for streams. */
  readonly slots: StreamSlots;
  readonly #times: ConnectionTimes;
  #isConnecting = true;
  #leaving = false;
  /** The times at which the server last sent something, and at which the last stream closed. */
  #lastAliveMs = Number.NEGATIVE_INFINITY;
  #idleSinceMs = 0;
  #pinging: Promise<boolean> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #connectTimer: ReturnType<typeof setTimeout> | undefined;
  #connectByMs = Number.POSITIVE_INFINITY;
  /** Closes the socket where `session.destroy` does not: see `destroy` and `#limitClosing`. */
  readonly #socketAbort = new AbortController();
  /** True while calls wait for this connection. */
  #isHeld = false;

  constructor(authority: string, times: ConnectionTimes, options: ConnectOptions | undefined) {
    this.#times = times;
    const session = connect(authority, {
      ...withSignal(options, this.#socketAbort.signal),
      // A server that pushes responses violates gRPC: node:http2 then closes the connection.
      settings: { ...options?.settings, enablePush: false },
    });
    this.session = session;
    this.slots = new StreamSlots(this);
    this.connected = awaitSettings(session);
    const { connectTimeoutMs, passedMs = 0 } = times;
    this.limitConnecting(connectTimeoutMs - passedMs, () =>
      createConnectTimeoutError(
        `no HTTP/2 connection to ${authority} within ${connectTimeoutMs} ms (connectTimeoutMs)`,
      ),
    );
    // Waiting calls receive the rejection. No call may be waiting, so it is also handled here.
    this.connected.then(
      () => {
        clearTimeout(this.#connectTimer);
        this.#isConnecting = false;
        this.alive();
        this.onIdle();
        this.#watch();
      },
      () => clearTimeout(this.#connectTimer),
    );
    // A listener for the whole life of the session, because an error event without one would end the process. Its streams report
    // the error to the calls.
    session.on("error", () => undefined);
    session.on("remoteSettings", ({ maxConcurrentStreams = Number.POSITIVE_INFINITY }) => {
      this.slots.setLimit(maxConcurrentStreams);
    });
    session.on("stream", (pushed) => {
      pushed.on("error", () => undefined).close(constants.NGHTTP2_REFUSED_STREAM);
    });
    session.once("close", () => {
      clearTimeout(this.#timer);
      this.slots.sendQueueAway();
    });
  }

  /**
   * Destroys the connection unless it is ready within `limitMs`, with the reason that `createReason` returns then. An earlier, shorter
   * limit stays in place.
   */
  limitConnecting(limitMs: number, createReason: () => Error): void {
    const byMs = performance.now() + limitMs;
    if (!this.isConnecting || byMs >= this.#connectByMs || limitMs > longestTimerMs) {
      return;
    }
    this.#connectByMs = byMs;
    clearTimeout(this.#connectTimer);
    this.#connectTimer = setTimeout(() => this.destroy(createReason), limitMs).unref();
  }

  /** Keeps the process alive, because a call waits for the connection. */
  hold(): void {
    this.#isHeld = true;
    this.session.ref();
  }

  /** Lets the process end unless there are streams, because no call waits for the connection any more. */
  letGo(): void {
    this.#isHeld = false;
    if (this.slots.taken === 0) {
      this.session.unref();
    }
  }

  /** True until the server has sent its settings, or the connection has failed. */
  get isConnecting(): boolean {
    return this.#isConnecting && !this.session.destroyed;
  }

  /** True if the connection accepts another stream, possibly after a wait. */
  get usable(): boolean {
    return !this.#leaving && !this.session.closed && !this.session.destroyed;
  }

  /** True if the connection accepts another stream, and the server has sent something lately. */
  get trusted(): boolean {
    return this.usable && performance.now() - this.#lastAliveMs <= this.#times.pingIntervalMs;
  }

  /** Records that the server has sent something. */
  alive(): void {
    this.#lastAliveMs = performance.now();
  }

  /**
   * Returns true if the connection is still usable. After a long silence, it sends a ping first, and closes the connection if
   * there is no response.
   */
  async verify(): Promise<boolean> {
    if (!this.trusted && this.usable) {
      await this.#ping();
      if (this.slots.taken === 0) {
        this.onIdle();
      }
    }
    return this.usable;
  }

  /** Opens a stream in a slot that was taken for it. */
  open(headers: OutgoingHttpHeaders): ClientHttp2Stream {
    // Options cost 15 % of a gRPC call in Node.js 20, so that a POST, which has a body without them, gets none.
    return headers[":method"] === "POST"
      ? this.session.request(headers)
      : this.session.request(headers, withBody);
  }

  /** Keeps the process alive, because there are calls. */
  onBusy(): void {
    this.session.ref();
  }

  /** Marks the connection as idle, because no call is left. */
  onIdle(): void {
    const { session } = this;
    if (session.destroyed) {
      return;
    }
    if (!this.#isHeld) {
      session.unref();
    }
    this.#idleSinceMs = performance.now();
    if (this.#leaving) {
      this.#close();
    }
  }

  /** Closes a session without streams, outside of its own events: Node.js 20 may free memory that it is still reading. */
  #close(): void {
    setImmediate(() => {
      this.session.close();
      this.#limitClosing();
    });
  }

  /**
   * Closes the socket of an ending session if it is still open after a second. After `session.close`, Node.js waits without a limit for
   * the other side, which may be gone. After `session.destroy`, Node.js 20 sometimes never closes a TLS connection that the server has
   * reset before it sent its settings (`npm run faults`).
   */
  #limitClosing(): void {
    const timer = setTimeout(() => this.#socketAbort.abort(), maxClosingMs).unref();
    this.session.once("close", () => clearTimeout(timer));
  }

  /** Accepts no more streams, and closes the connection when the last one has ended. */
  drain(): void {
    this.#leaving = true;
    this.slots.sendQueueAway();
    if (this.slots.taken === 0) {
      this.#close();
    }
  }

  /**
   * Ends the connection, a moment later. Its streams, and the calls that wait for its handshake, fail with the error that
   * `createReason` returns. Without them the error is not created: the first ConnectError of a process takes 30 ms, because its
   * `Headers` load undici.
   */
  destroy(createReason: () => Error): void {
    this.#leaving = true;
    this.slots.sendQueueAway();
    setImmediate(() => {
      const { connecting } = this.session;
      if (this.slots.taken > 0 || this.isConnecting) {
        this.session.destroy(createReason(), constants.NGHTTP2_CANCEL);
      } else {
        this.session.destroy();
      }
      // Until TCP has connected, `session.destroy` has no effect in Node.js and Deno.
      if (connecting) {
        this.#socketAbort.abort();
      } else {
        this.#limitClosing();
      }
    });
  }

  /**
   * Pings a silent connection that has calls, and closes an idle one. One timer serves all calls: it reads the times that they
   * recorded, which costs a call nothing.
   */
  #watch(): void {
    const { pingIntervalMs, idleConnectionTimeoutMs } = this.#times;
    const now = performance.now();
    const busy = this.slots.taken > 0;
    const left = busy
      ? this.#lastAliveMs + pingIntervalMs - now
      : this.#idleSinceMs + idleConnectionTimeoutMs - now;
    if (left > 0) {
      // Calls may begin or end meanwhile, so the timer runs again when a call might need a ping, or when the connection might
      // have been idle for too long.
      const wait = Math.min(left, pingIntervalMs, idleConnectionTimeoutMs, longestTimerMs);
      this.#timer = setTimeout(() => this.#watch(), Math.ceil(wait)).unref();
    } else if (busy) {
      void this.#ping().then((isThere) => {
        if (isThere) {
          this.#watch();
        }
      });
    } else {
      this.drain();
    }
  }

  /**
   * Sends a ping. Returns false if the connection ends before the response, for any reason; the ping's own timeout also ends it.
   */
  #ping(): Promise<boolean> {
    this.#pinging ??= sendPing(this.session, this.#times.pingTimeoutMs)
      .then((isThere) => {
        if (isThere) {
          this.alive();
        } else {
          this.#limitClosing();
        }
        return isThere;
      })
      .finally(() => {
        this.#pinging = undefined;
      });
    return this.#pinging;
  }
}

/** Returns options with a signal that closes the socket. Node.js gives the signal only to sockets that it opens itself. */
function withSignal(
  options: ConnectOptions | undefined,
  signal: AbortSignal,
): ConnectOptions & { readonly signal: AbortSignal } {
  const open = options?.createConnection;
  if (open === undefined) {
    return { ...options, signal };
  }
  return {
    ...options,
    signal,
    createConnection: (...args) => addAbortSignal(signal, open(...args)),
  };
}

/** The time that a session may take to end before its socket is closed, in milliseconds. */
const maxClosingMs = 1000;

/** Options of a stream whose caller ends it, also for methods that rarely have a body, such as DELETE. */
const withBody: ClientSessionRequestOptions = { endStream: false };
