import type { Socket } from "node:net";

/**
 * The attempts of a sender to open connections. undici goes on with an attempt whose request has ended, which would keep the process
 * alive until `connectTimeoutMs`. So all attempts end when no request is left.
 */
export class ConnectionAttempts {
  #requests = 0;
  readonly #open = new Set<AbortController>();

  /** Counts a request, which may need new connections until it ends. Returns its own promise, so that its response waits for nothing. */
  during<T>(request: Promise<T>): Promise<T> {
    this.#requests++;
    request.then(this.#leave, this.#leave);
    return request;
  }

  /** Opens a connection. The signal of `connect` ends the attempt. */
  async begin(connect: (signal: AbortSignal) => Promise<Socket>): Promise<Socket> {
    const attempt = new AbortController();
    this.#open.add(attempt);
    try {
      return await connect(attempt.signal);
    } finally {
      this.#open.delete(attempt);
    }
  }

  readonly #leave = (): void => {
    this.#requests--;
    if (this.#requests === 0) {
      this.#open.forEach((attempt) => attempt.abort(new Error("no request needs the connection")));
    }
  };
}
