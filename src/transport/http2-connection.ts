import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionOptions,
  connect,
  constants,
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
  #lastAliveMs = 0;
  #verifying: Promise<boolean> | undefined;
  #pingTimer: ReturnType<typeof setTimeout> | undefined;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;

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
      },
      () => undefined,
    );
    // For as long as the session lives: an error without a listener would end the process. Its streams fail by themselves.
    session.on("error", () => undefined);
    session.on("goaway", () => {
      this.#leaving = true;
      if (this.#streams === 0) {
        session.close();
      }
    });
    session.once("close", () => {
      clearTimeout(this.#pingTimer);
      clearTimeout(this.#idleTimer);
    });
  }

  /** Whether it takes another stream. */
  get usable(): boolean {
    return !this.#leaving && !this.session.closed && !this.session.destroyed;
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
    if (performance.now() - this.#lastAliveMs > this.#keepAlive.pingIntervalMs) {
      this.session.ref();
      this.#verifying ??= this.#ping().finally(() => {
        this.#verifying = undefined;
        if (this.#streams === 0) {
          this.#release();
        }
      });
      await this.#verifying;
    }
    return this.usable;
  }

  /** Takes care of a stream until it closes. */
  track(stream: ClientHttp2Stream): void {
    this.#streams++;
    clearTimeout(this.#idleTimer);
    this.session.ref();
    if (this.#streams === 1) {
      this.#schedulePing();
    }
    stream.once("response", () => this.alive());
    stream.once("close", () => {
      this.#streams--;
      if (this.#streams === 0) {
        clearTimeout(this.#pingTimer);
        this.#release();
      }
    });
  }

  /** Nothing is under way any more. */
  #release(): void {
    const { session } = this;
    if (session.destroyed) {
      return;
    }
    session.unref();
    if (this.#leaving) {
      session.close();
      return;
    }
    clearTimeout(this.#idleTimer);
    this.#idleTimer = startTimer(() => session.close(), this.#keepAlive.idleConnectionTimeoutMs);
  }

  #schedulePing(): void {
    clearTimeout(this.#pingTimer);
    const { pingIntervalMs } = this.#keepAlive;
    const silenceMs = (): number => performance.now() - this.#lastAliveMs;
    this.#pingTimer = startTimer(
      () => {
        const there = silenceMs() >= pingIntervalMs ? this.#ping() : Promise.resolve(true);
        void there.then((isThere) => {
          if (isThere && this.#streams > 0) {
            this.#schedulePing();
          }
        });
      },
      Math.min(pingIntervalMs, Math.max(1, pingIntervalMs - silenceMs())),
    );
  }

  /** False when the connection ends before the answer, for whatever reason; in time it is ended here. */
  #ping(): Promise<boolean> {
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

/** A timer that does not keep the process alive; none for what setTimeout cannot wait. */
function startTimer(then: () => void, ms: number): ReturnType<typeof setTimeout> | undefined {
  return ms <= 2 ** 31 - 1 ? setTimeout(then, ms).unref() : undefined;
}
