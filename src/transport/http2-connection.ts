import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionOptions,
  connect,
  constants,
  type OutgoingHttpHeaders,
  type SecureClientSessionOptions,
} from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { onAbort } from "./abort.js";

/** The times of a connection, with the defaults in place: see `Http2SessionOptions`. */
export interface ConnectionTimes {
  readonly connectTimeoutMs: number;
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  readonly idleConnectionTimeoutMs: number;
}

/** One HTTP/2 connection, from its handshake to its end. It does not keep a process alive unless something is under way. */
export class Http2Connection {
  readonly session: ClientHttp2Session;
  /**
   * Settles when the server has sent its settings, which are the first that an HTTP/2 server sends: before that, it may be
   * anything. Rejects if there is no connection, or none in time.
   */
  readonly connected: Promise<void>;
  #times: ConnectionTimes;
  #isConnecting = true;
  /** The slots taken: open streams, and calls that are about to open theirs. */
  #streams = 0;
  /** The number of streams that the server allows at the same time. */
  #maxStreams = Number.POSITIVE_INFINITY;
  /** The calls that wait for a slot, first come first served. They are told whether they got one. */
  #queue = new Set<(gotSlot: boolean) => void>();
  #leaving = false;
  /** When something came from the other side, or the last stream closed. */
  #lastAliveMs = Number.NEGATIVE_INFINITY;
  #idleSinceMs = 0;
  #pinging: Promise<boolean> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #connectTimer: ReturnType<typeof setTimeout> | undefined;
  #connectByMs = Number.POSITIVE_INFINITY;

  constructor(
    authority: string,
    times: ConnectionTimes,
    options: ClientSessionOptions | SecureClientSessionOptions | undefined,
  ) {
    this.#times = times;
    // A server that pushes responses breaks the rules of gRPC: the connection ends as soon as it does.
    const settings = { ...options?.settings, enablePush: false };
    const session = connect(authority, { ...options, settings });
    this.session = session;
    this.connected = new Promise((resolve, reject) => {
      session.once("remoteSettings", () => {
        clearTimeout(this.#connectTimer);
        resolve();
      });
      session.once("error", reject);
      session.once("close", () => {
        clearTimeout(this.#connectTimer);
        reject(new ConnectError("the connection closed at once", Code.Unavailable));
      });
    });
    this.limitConnecting(times.connectTimeoutMs, connectTimeout(authority, times.connectTimeoutMs));
    // Those who wait hear of a failure; perhaps nobody waits.
    this.connected.then(
      () => {
        this.#isConnecting = false;
        this.alive();
        this.#release();
        this.#watch();
      },
      () => undefined,
    );
    // For as long as the session lives: an error without a listener would end the process. Its streams fail by themselves.
    session.on("error", () => undefined);
    session.on("goaway", () => {
      this.#leaving = true;
      this.#sendQueueAway();
      if (this.#streams === 0) {
        this.#close();
      }
    });
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

  /** Gives the connection up for `reason`, unless it is ready in `limitMs`. An earlier limit that is shorter stays. */
  limitConnecting(limitMs: number, reason: ConnectError): void {
    const byMs = performance.now() + limitMs;
    if (!this.isConnecting || byMs >= this.#connectByMs || limitMs > longestTimer) {
      return;
    }
    this.#connectByMs = byMs;
    clearTimeout(this.#connectTimer);
    this.#connectTimer = setTimeout(() => this.destroy(reason), limitMs);
  }

  /** True until the server has sent its settings, or the connection has failed. */
  get isConnecting(): boolean {
    return this.#isConnecting && !this.session.destroyed;
  }

  /** True if the connection takes another stream, perhaps after a wait. */
  get usable(): boolean {
    return !this.#leaving && !this.session.closed && !this.session.destroyed;
  }

  /** True if the connection takes another stream, and something was heard of the other side lately. */
  get trusted(): boolean {
    return this.usable && performance.now() - this.#lastAliveMs <= this.#times.pingIntervalMs;
  }

  /** The number of slots taken for streams. */
  get streams(): number {
    return this.#streams;
  }

  /** Something came from the other side. */
  alive(): void {
    this.#lastAliveMs = performance.now();
  }

  /** Whether the other side is still there. After a long silence that takes a ping; without an answer the connection ends. */
  async verify(): Promise<boolean> {
    if (!this.trusted && this.usable) {
      this.session.ref();
      await this.#ping();
      if (this.#streams === 0) {
        this.#release();
      }
    }
    return this.usable;
  }

  /** Opens a stream in a slot that was taken for it. */
  open(headers: OutgoingHttpHeaders): ClientHttp2Stream {
    return this.session.request(headers);
  }

  /**
   * Takes a slot for a stream. Returns false if the server allows no more streams at present, or if others wait already.
   * node:http2 would queue such a stream by itself, but nobody could say then whether it has left.
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
   * Waits for a slot, and takes it. Returns false if there is none to be had any more: the connection takes no more streams,
   * or `signal` has aborted.
   */
  waitForSlot(signal: AbortSignal | undefined): boolean | Promise<boolean> {
    if (this.takeSlot()) {
      return true;
    }
    return new Promise((resolve) => {
      let unlisten: (() => void) | undefined;
      const turn = (gotSlot: boolean): void => {
        this.#queue.delete(turn);
        unlisten?.();
        resolve(gotSlot);
      };
      this.#queue.add(turn);
      unlisten = signal && onAbort(signal, () => turn(false));
    });
  }

  /** Gives a slot back: to the first that waits, if the connection still takes streams. */
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

  /** Hands slots to those that wait, which a server allows that raised its limit. */
  #giveOutSlots(): void {
    for (const turn of this.#queue) {
      if (!this.usable || this.#streams >= this.#maxStreams) {
        return;
      }
      this.#streams++;
      turn(true);
    }
  }

  /** Tells those who wait for a slot that they need another connection. */
  #sendQueueAway(): void {
    for (const turn of this.#queue) {
      turn(false);
    }
  }

  /** Nothing is under way any more. */
  #release(): void {
    const { session } = this;
    if (session.destroyed) {
      return;
    }
    session.unref();
    this.#idleSinceMs = performance.now();
    if (this.#leaving) {
      this.#close();
    }
  }

  /** Not from within an event of the connection: Node.js 20 may free what it is just reading with. */
  #close(): void {
    setImmediate(() => this.session.close());
  }

  /** Ends the connection with all its streams, for the same reason a moment later. */
  destroy(reason: Error): void {
    this.#leaving = true;
    this.#sendQueueAway();
    setImmediate(() => this.session.destroy(reason, constants.NGHTTP2_CANCEL));
  }

  /**
   * Pings a silent connection that has calls, and closes an idle one. One timer serves all calls: it looks at what they
   * noted, which costs a call nothing.
   */
  #watch(): void {
    const { pingIntervalMs, idleConnectionTimeoutMs } = this.#times;
    const now = performance.now();
    const busy = this.#streams > 0;
    const left = busy
      ? this.#lastAliveMs + pingIntervalMs - now
      : this.#idleSinceMs + idleConnectionTimeoutMs - now;
    if (left > 0) {
      // Calls may begin or end meanwhile, so it looks again when one would want a ping, or the connection would be idle for long.
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

  /** False when the connection ends before the answer, for whatever reason; in time it is ended here. */
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
      }, this.#times.pingTimeoutMs);
      session.once("close", closed);
      try {
        session.ping((error) => {
          if (error === null) {
            this.alive();
          }
          end(error === null);
        });
      } catch {
        // It is closed already.
        end(false);
      }
    });
  }
}

function connectTimeout(authority: string, timeoutMs: number): ConnectError {
  return new ConnectError(
    `no HTTP/2 connection to ${authority} within ${timeoutMs} ms (connectTimeoutMs)`,
    Code.Unavailable,
  );
}

/** setTimeout fires at once for anything longer. */
const longestTimer = 2 ** 31 - 1;
