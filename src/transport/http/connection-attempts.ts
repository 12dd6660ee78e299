import type { Socket } from "node:net";

/**
 * The attempts of a sender to open connections. They all end when no request is left. undici alone would continue an attempt whose
 * request has ended, and would thereby keep the process alive until `connectTimeoutMs`.
 */
export class ConnectionAttempts {
  #requests = 0;
  readonly #attempts = new Set<AbortController>();

  /** Counts a request until it ends. Returns the same promise, because another promise would delay the response. */
  trackRequest<T>(request: Promise<T>): Promise<T> {
    this.#requests++;
    request.then(this.#leave, this.#leave);
    return request;
  }

  /** Opens a connection. The signal of `connect` ends the attempt. */
  async open(connect: (signal: AbortSignal) => Promise<Socket>): Promise<Socket> {
    const attempt = new AbortController();
    this.#attempts.add(attempt);
    try {
      return await connect(attempt.signal);
    } finally {
      this.#attempts.delete(attempt);
    }
  }

  readonly #leave = (): void => {
    this.#requests--;
    if (this.#requests === 0) {
      this.#attempts.forEach((attempt) =>
        attempt.abort(new Error("no request needs the connection")),
      );
    }
  };
}
