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

/** When a connection is looked after. */
export interface KeepAlive {
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  readonly idleConnectionTimeoutMs: number;
}

/** One HTTP/2 connection, from its handshake to its end. It does not keep a process alive unless something is under way. */
export class Http2Connection {
  readonly session: ClientHttp2Session;
  /** Settles when the handshake is over: rejects if there is no connection. */
  readonly connected: Promise<void>;
  #keepAlive: KeepAlive;
  #streams = 0;
  #leaving = false;
  /** When something came from the other side, or the last stream closed. */
  #lastAliveMs = Number.NEGATIVE_INFINITY;
  #idleSinceMs = 0;
  #pinging: Promise<boolean> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    authority: string,
    keepAlive: KeepAlive,
    options: ClientSessionOptions | SecureClientSessionOptions | undefined,
  ) {
    this.#keepAlive = keepAlive;
    const session = connect(authority, options);
    this.session = session;
    this.connected = new Promise((resolve, reject) => {
      session.once("connect", () => resolve());
      session.once("error", reject);
      session.once("close", () =>
        reject(new ConnectError("the connection closed at once", Code.Unavailable)),
      );
    });
    // Whoever waits hears of a failure; perhaps nobody does.
    this.connected.then(
      () => {
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
      if (this.#streams === 0) {
        this.#close();
      }
    });
    session.once("close", () => clearTimeout(this.#timer));
  }

  /** Whether it takes another stream. */
  get usable(): boolean {
    return !this.#leaving && !this.session.closed && !this.session.destroyed;
  }

  /** Whether it takes another stream, and something was heard of the other side lately. */
  get trusted(): boolean {
    return this.usable && performance.now() - this.#lastAliveMs <= this.#keepAlive.pingIntervalMs;
  }

  /** How many streams are open. */
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

  /** Opens a stream, which counts until `released`. */
  open(headers: OutgoingHttpHeaders): ClientHttp2Stream {
    const stream = this.session.request(headers);
    this.#streams++;
    if (this.#streams === 1) {
      this.session.ref();
    }
    return stream;
  }

  /** A stream has closed. */
  released(): void {
    this.#streams--;
    if (this.#streams === 0) {
      this.#release();
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
    setImmediate(() => this.session.destroy(reason, constants.NGHTTP2_CANCEL));
  }

  /**
   * Pings a silent connection that has calls, and closes an idle one. One timer serves all calls: it looks at what they
   * noted, which costs a call nothing.
   */
  #watch(): void {
    const { pingIntervalMs, idleConnectionTimeoutMs } = this.#keepAlive;
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
      }, this.#keepAlive.pingTimeoutMs);
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

/** setTimeout fires at once for anything longer. */
const longestTimer = 2 ** 31 - 1;
