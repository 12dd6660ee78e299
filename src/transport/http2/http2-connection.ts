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
import { Code, ConnectError } from "@connectrpc/connect";
import type { Deadline } from "../../call/deadline.js";

/** The timeouts of a connection, with defaults: see `Http2SessionOptions`. */
export interface ConnectionTimes {
  readonly connectTimeoutMs: number;
  /** The part of `connectTimeoutMs` that has passed before the session starts. Default: 0. */
  readonly passedMs?: number | undefined;
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  readonly idleConnectionTimeoutMs: number;
}

/** An HTTP/2 connection, from its handshake to its end. It does not keep a process alive unless there are calls. */
export class Http2Connection {
  readonly session: ClientHttp2Session;
  /**
   * Resolves when the server has sent its settings. An HTTP/2 server sends them first, so before that, the server may be
   * anything. Rejects if there is no connection, or none in time.
   */
  readonly connected: Promise<void>;
  #times: ConnectionTimes;
  #isConnecting = true;
  /** The number of taken slots: open streams, and calls that are about to open theirs. */
  #streams = 0;
  /** The number of streams that the server allows at the same time. */
  #maxStreams = Number.POSITIVE_INFINITY;
  /** The calls that wait for a slot, first come first served. The argument is true if the call got a slot. */
  #queue = new Set<(gotSlot: boolean) => void>();
  #leaving = false;
  /** The times at which the server last sent something, and at which the last stream closed. */
  #lastAliveMs = Number.NEGATIVE_INFINITY;
  #idleSinceMs = 0;
  #pinging: Promise<boolean> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #connectTimer: ReturnType<typeof setTimeout> | undefined;
  #connectByMs = Number.POSITIVE_INFINITY;
  /** Closes the socket. Until TCP has connected, `session.destroy` has no effect in Node.js and Deno. */
  readonly #socketAbort = new AbortController();
  /** True while calls wait for this connection. */
  #isHeld = false;

  constructor(
    authority: string,
    times: ConnectionTimes,
    options: ClientSessionOptions | SecureClientSessionOptions | undefined,
  ) {
    this.#times = times;
    // A server that pushes responses violates gRPC: node:http2 then closes the connection.
    const settings = { ...options?.settings, enablePush: false };
    const own = { settings, signal: this.#socketAbort.signal };
    const session = connect(authority, { ...options, ...own });
    this.session = session;
    this.connected = new Promise((resolve, reject) => {
      session.once("remoteSettings", () => {
        clearTimeout(this.#connectTimer);
        resolve();
      });
      session.once("error", reject);
      session.once("connect", (_, socket) => {
        // After an alert of TLS, e.g. about a client certificate, Node.js 20 ends the session without an event.
        socket.once("error", (error) => {
          reject(error);
          socket.destroy();
        });
      });
      session.once("close", () => {
        clearTimeout(this.#connectTimer);
        reject(new ConnectError("the connection closed at once", Code.Unavailable));
      });
    });
    const { connectTimeoutMs, passedMs = 0 } = times;
    this.limitConnecting(connectTimeoutMs - passedMs, () =>
      connectTimeout(authority, connectTimeoutMs),
    );
    // Waiting calls receive the rejection. No call may be waiting, so it is also handled here.
    this.connected.then(
      () => {
        this.#isConnecting = false;
        this.alive();
        this.#release();
        this.#watch();
      },
      () => undefined,
    );
    // A listener for the whole life of the session, because an error event without one would end the process. Its streams report
    // the error to the calls.
    session.on("error", () => undefined);
    session.on("remoteSettings", ({ maxConcurrentStreams = Number.POSITIVE_INFINITY }) => {
      this.#maxStreams = maxConcurrentStreams;
      this.#giveOutSlots();
    });
    session.on("stream", (pushed) => {
      pushed.on("error", () => undefined).close(constants.NGHTTP2_REFUSED_STREAM);
    });
    session.once("close", () => {
      clearTimeout(this.#timer);
      this.#sendQueueAway();
    });
  }

  /**
   * Destroys the connection unless it is ready within `limitMs`, with the reason that `createReason` returns then. An earlier, shorter
   * limit stays in place.
   */
  limitConnecting(limitMs: number, createReason: () => ConnectError): void {
    const byMs = performance.now() + limitMs;
    if (!this.isConnecting || byMs >= this.#connectByMs || limitMs > longestTimer) {
      return;
    }
    this.#connectByMs = byMs;
    clearTimeout(this.#connectTimer);
    this.#connectTimer = setTimeout(() => this.destroy(createReason()), limitMs).unref();
  }

  /** Keeps the process alive, because a call waits for the connection. */
  hold(): void {
    this.#isHeld = true;
    this.session.ref();
  }

  /** Lets the process end unless there are streams, because no call waits for the connection any more. */
  letGo(): void {
    this.#isHeld = false;
    if (this.#streams === 0) {
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

  /** The number of slots taken for streams. */
  get streams(): number {
    return this.#streams;
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
      if (this.#streams === 0) {
        this.#release();
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

  /**
   * Takes a slot for a stream. Returns false if the server allows no more streams at present, or if other calls are waiting
   * already. node:http2 would queue such a stream itself, but then it would be unknown whether the request was sent.
   */
  takeSlot(): boolean {
    if (this.#queue.size > 0 || this.#streams >= this.#maxStreams) {
      return false;
    }
    this.#streams++;
    if (this.#streams === 1) {
      this.session.ref();
    }
    return true;
  }

  /**
   * Waits for a slot and takes it. Returns false if there will be none: the connection accepts no more streams, or the call has
   * ended.
   */
  waitForSlot(deadline: Deadline): boolean | Promise<boolean> {
    if (this.takeSlot()) {
      return true;
    }
    return new Promise((resolve) => {
      let unregister: (() => void) | undefined;
      const turn = (gotSlot: boolean): void => {
        this.#queue.delete(turn);
        unregister?.();
        resolve(gotSlot);
      };
      this.#queue.add(turn);
      unregister = deadline.onEnd(() => turn(false));
    });
  }

  /** Returns a slot, and gives it to the first waiting call if the connection still accepts streams. */
  freeSlot(): void {
    const [next] = this.#queue;
    if (next !== undefined && this.usable && this.#streams <= this.#maxStreams) {
      next(true);
      return;
    }
    this.#streams--;
    if (this.#streams === 0) {
      this.#release();
    }
  }

  /** Gives slots to waiting calls after the server has raised its limit. */
  #giveOutSlots(): void {
    for (const turn of this.#queue) {
      if (!this.usable || this.#streams >= this.#maxStreams) {
        return;
      }
      this.#streams++;
      turn(true);
    }
  }

  /** Notifies all calls that wait for a slot that they need another connection. */
  #sendQueueAway(): void {
    for (const turn of this.#queue) {
      turn(false);
    }
  }

  /** Marks the connection as idle, because no call is left. */
  #release(): void {
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

  /** Closes the session outside of its own events: Node.js 20 may free memory that it is still reading. */
  #close(): void {
    setImmediate(() => this.session.close());
  }

  /** Accepts no more streams, and closes the connection when the last one has ended. */
  drain(): void {
    this.#leaving = true;
    this.#sendQueueAway();
    if (this.#streams === 0) {
      this.#close();
    }
  }

  /** Ends the connection and all its streams with `reason`, a moment later. */
  destroy(reason: Error): void {
    this.#leaving = true;
    this.#sendQueueAway();
    setImmediate(() => {
      const { connecting } = this.session;
      this.session.destroy(reason, constants.NGHTTP2_CANCEL);
      if (connecting) {
        this.#socketAbort.abort();
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
    const busy = this.#streams > 0;
    const left = busy
      ? this.#lastAliveMs + pingIntervalMs - now
      : this.#idleSinceMs + idleConnectionTimeoutMs - now;
    if (left > 0) {
      // Calls may begin or end meanwhile, so the timer runs again when a call might need a ping, or when the connection might
      // have been idle for too long.
      const wait = Math.min(left, pingIntervalMs, idleConnectionTimeoutMs, longestTimer);
      this.#timer = setTimeout(() => this.#watch(), Math.ceil(wait)).unref();
    } else if (busy) {
      void this.#ping().then((isThere) => {
        if (isThere) {
          this.#watch();
        }
      });
    } else {
      this.session.close();
    }
  }

  /**
   * Sends a ping. Returns false if the connection ends before the response, for any reason; the ping's own timeout also ends it.
   */
  #ping(): Promise<boolean> {
    this.#pinging ??= this.#sendPing().finally(() => {
      this.#pinging = undefined;
    });
    return this.#pinging;
  }

  #sendPing(): Promise<boolean> {
    const { session } = this;
    return new Promise((resolve) => {
      const end = (isThere: boolean): void => {
        clearTimeout(timer);
        session.off("close", closed);
        resolve(isThere);
      };
      const closed = (): void => end(false);
      const timer = setTimeout(() => {
        const error = new ConnectError("PING timed out", Code.Unavailable);
        session.destroy(error, constants.NGHTTP2_CANCEL);
        end(false);
      }, this.#times.pingTimeoutMs).unref();
      session.once("close", closed);
      try {
        session.ping((error) => {
          if (error === null) {
            this.alive();
          }
          end(error === null);
        });
      } catch {
        // The session is already closed.
        end(false);
      }
    });
  }
}

function connectTimeout(authority: string, timeoutMs: number): ConnectError {
  const text = `no HTTP/2 connection to ${authority} within ${timeoutMs} ms (connectTimeoutMs)`;
  // The code that Node.js gives it elsewhere.
  const cause = Object.assign(new Error(text), { code: "ETIMEDOUT", syscall: "connect" });
  return new ConnectError(text, Code.Unavailable, undefined, undefined, cause);
}

/** Options of a stream whose caller ends it, also for methods that seldom have a body, such as DELETE. */
const withBody: ClientSessionRequestOptions = { endStream: false };

/** The longest delay that `setTimeout` supports. A longer one fires at once. */
const longestTimer = 2 ** 31 - 1;
