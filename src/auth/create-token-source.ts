import { Code, type ConnectError } from "@connectrpc/connect";
import { checkNumber } from "../utils/check-number.js";
import { fraction } from "../utils/fraction.js";
import { supplierError, tokenError } from "./token-error.js";
import type { Token, TokenRequest, TokenSource, TokenSupplier } from "./token-source.js";
import { findTokenProblem } from "./token-text.js";
import { until } from "./wait-for-token.js";

/** Options of `createTokenSource` besides the supplier. */
export interface TokenSourceOptions {
  /**
   * The time before its expiry at which a token is replaced, in milliseconds; at most a fifth of its lifetime. Calls use the old
   * token until the new one has arrived. Default: 300000, five minutes.
   */
  leewayMs?: number | undefined;
  /** The timeout of a request for a token, in milliseconds. Default: 30000. */
  timeoutMs?: number | undefined;
  /** Returns numbers from 0 to 1, which spread replacements over the leeway. Default: `Math.random`. */
  random?: (() => number) | undefined;
}

/** A request for a token that any number of calls wait for. */
interface Flight {
  readonly result: Promise<string>;
  readonly startedMs: number;
  readonly refused: string | undefined;
  /** Counts a call that begins to wait. */
  readonly join: () => void;
  /** Counts a call that stops waiting. After the last one, the request is aborted soon, unless another call joins. */
  readonly leave: () => void;
}

/** The time for which a request continues without a waiting call, in milliseconds. The next call often comes at once. */
const graceMs = 500;

/** A cached token with a known expiry. */
interface Kept {
  readonly accessToken: string;
  readonly usableUntilMs: number;
  readonly pauseMs: number;
  replaceAtMs: number;
}

/** The cached token and the current request for one server. Neither is ever used for another server. */
interface Shelf {
  kept?: Kept | undefined;
  flight?: Flight | undefined;
}

/**
 * Creates a token source from a function that fetches a token.
 *
 * - Parallel calls share one request. If the request fails, all calls that wait for it fail, and the next call starts a new one.
 * - A token with a known expiry is cached and replaced ahead of its expiry. A token that the server rejected is replaced at once.
 * - A request for which no call waits any more is aborted soon, through its signal.
 * - Each server (the origin of the base URL) has a token of its own.
 *
 * Calls fail with the supplier's own error if that is a ConnectError, with `unavailable` if the supplier throws another error or
 * times out, and with `failed_precondition` if the supplier returns something other than a token. Throws a TypeError if an option
 * is invalid.
 *
 * @example
 * const auth = createTokenSource(async ({ signal }) => {
 *   const { token, ttlSeconds } = await vault.read("zitadel", { signal });
 *   return { accessToken: token, expiresAtMs: Date.now() + ttlSeconds * 1000 };
 * });
 */
export function createTokenSource(
  supplier: TokenSupplier,
  options: TokenSourceOptions = {},
): TokenSource {
  const { leewayMs = 300_000, timeoutMs = 30_000, random = Math.random } = options;
  if (typeof supplier !== "function") {
    throw new TypeError("a token supplier must be a function that returns a token");
  }
  checkNumber("leewayMs", leewayMs, { least: 0, most: Number.POSITIVE_INFINITY });
  checkNumber("timeoutMs", timeoutMs, {});
  if (typeof random !== "function") {
    throw new TypeError("option random: must be a function");
  }
  const shelves = new Map<string, Shelf>();
  const late = (): ConnectError =>
    tokenError(`no token came within ${timeoutMs} ms`, Code.Unavailable);

  /** Starts a request. With `isAhead`, it replaces a token that is still valid, so it continues without a waiting call. */
  function start(shelf: Shelf, request: TokenRequest, isAhead = false): Flight {
    const { refused } = request;
    const controller = new AbortController();
    const { signal } = controller;
    let isOver = false;
    const ask = async (): Promise<string> => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      try {
        signal.throwIfAborted();
        const ended = new Promise<never>((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
          timer = setTimeout(() => controller.abort(late()), timeoutMs);
        });
        const asked = Promise.resolve(supplier({ ...request, signal }));
        const token = check(await Promise.race([asked, ended]));
        if (shelf.flight === flight) {
          shelf.kept = keep(token, leewayMs, fraction(random));
        }
        return token.accessToken;
      } catch (reason) {
        if (shelf.flight === flight && shelf.kept !== undefined) {
          shelf.kept.replaceAtMs = Date.now() + shelf.kept.pauseMs;
        }
        throw supplierError(reason);
      } finally {
        isOver = true;
        clearTimeout(timer);
        clearTimeout(abandoning);
        if (shelf.flight === flight) {
          shelf.flight = undefined;
        }
      }
    };
    // Starts in a later microtask, so that `flight` is assigned even if the supplier throws synchronously.
    const result = Promise.resolve().then(ask);
    // No call may be waiting: for a replacement ahead of expiry, or after all calls have ended.
    result.catch(() => undefined);
    let waiting = 0;
    let abandoning: ReturnType<typeof setTimeout> | undefined;
    const abandon = (): void => {
      if (shelf.flight === flight) {
        shelf.flight = undefined;
      }
      controller.abort(tokenError("no call waits for the token any more", Code.Canceled));
    };
    const flight: Flight = {
      result,
      startedMs: Date.now(),
      refused,
      join() {
        waiting++;
        clearTimeout(abandoning);
      },
      leave() {
        waiting--;
        if (waiting === 0 && !isOver && !isAhead) {
          abandoning = setTimeout(abandon, graceMs);
        }
      },
    };
    shelf.flight = flight;
    return flight;
  }

  /**
   * Returns the request that is in progress. In an edge runtime, a request whose own call has ended never settles, and its timer
   * never fires. A request therefore counts only until its timeout, and each waiting call has a timer of its own.
   */
  function underWay({ flight }: Shelf): Flight | undefined {
    return flight && Date.now() - flight.startedMs < timeoutMs ? flight : undefined;
  }

  async function wait(flight: Flight, signal: AbortSignal): Promise<string> {
    flight.join();
    try {
      return await until(flight.result, signal, timeoutMs, late);
    } finally {
      flight.leave();
    }
  }

  return {
    async token(request) {
      const { origin } = new URL(request.baseUrl);
      const shelf = shelves.get(origin) ?? {};
      shelves.set(origin, shelf);
      const { signal, refused } = request;

      forget(shelf, refused);
      const { kept } = shelf;
      if (kept !== undefined && Date.now() < kept.usableUntilMs) {
        if (Date.now() >= kept.replaceAtMs && underWay(shelf) === undefined) {
          start(shelf, request, true);
        }
        return kept.accessToken;
      }
      const flight = underWay(shelf) ?? start(shelf, request);
      const token = await wait(flight, signal);
      if (token !== refused || flight.refused === refused) {
        return token;
      }
      // That request began before the rejection was known, and returned the rejected token again.
      forget(shelf, refused);
      const current = underWay(shelf);
      const next = current?.refused === refused ? current : undefined;
      return await wait(next ?? start(shelf, request), signal);
    },
  };
}

function forget(shelf: Shelf, refused: string | undefined): void {
  if (shelf.kept?.accessToken === refused) {
    shelf.kept = undefined;
  }
}

/** Checks the return value of a supplier. */
function check(given: string | Token): Token {
  const token = typeof given === "string" ? { accessToken: given } : given;
  const problem = findTokenProblem(token?.accessToken);
  if (problem !== undefined) {
    throw tokenError(`the result of the token supplier ${problem}`, Code.FailedPrecondition);
  }
  const { expiresAtMs } = token;
  if (expiresAtMs !== undefined && (typeof expiresAtMs !== "number" || Number.isNaN(expiresAtMs))) {
    throw tokenError(
      "the expiresAtMs of the token supplier must be milliseconds since 1970",
      Code.FailedPrecondition,
    );
  }
  return token;
}

function keep(
  { accessToken, expiresAtMs }: Token,
  leewayMs: number,
  chance: number,
): Kept | undefined {
  if (expiresAtMs === undefined) {
    return undefined;
  }
  const windowMs = Math.min(leewayMs, Math.max(0, expiresAtMs - Date.now()) / 5);
  return {
    accessToken,
    // A random time in the first half of the window, so that processes that started together do not all ask at once.
    replaceAtMs: expiresAtMs - windowMs * (1 - chance / 2),
    // A token must still be valid when it arrives at the server.
    usableUntilMs: expiresAtMs - windowMs / 10,
    pauseMs: windowMs / 10,
  };
}
