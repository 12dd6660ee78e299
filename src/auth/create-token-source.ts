import { Code, type ConnectError } from "@connectrpc/connect";
import { checkNumber } from "../check-number.js";
import { fraction } from "../fraction.js";
import { supplierError, tokenError } from "./token-error.js";
import type { Token, TokenRequest, TokenSource, TokenSupplier } from "./token-source.js";
import { tokenProblem } from "./token-text.js";
import { until } from "./until.js";

/** What `createTokenSource` takes besides the supplier. */
export interface TokenSourceOptions {
  /**
   * How long before its end a token is replaced, in milliseconds; at most a fifth of its life. Calls go on with the old one
   * meanwhile. Default: 300000, five minutes.
   */
  leewayMs?: number | undefined;
  /** The time that a request for a token may take, in milliseconds. Default: 30000. */
  timeoutMs?: number | undefined;
  /** Numbers from 0 to 1, which spread the replacement over the leeway. Default: `Math.random`. */
  random?: (() => number) | undefined;
}

/** A request for a token, which any number of calls wait for. */
interface Flight {
  readonly result: Promise<string>;
  readonly startedMs: number;
  readonly refused: string | undefined;
  /** Counts a call that waits for it. */
  readonly join: () => void;
  /** Counts a call off. Where it was the last one, the request ends soon, unless another joins. */
  readonly leave: () => void;
}

/** The time for which a request goes on without a call that waits: often the next one asks at once. */
const graceMs = 500;

/** A token with a known end. */
interface Kept {
  readonly accessToken: string;
  readonly usableUntilMs: number;
  readonly pauseMs: number;
  replaceAtMs: number;
}

/** What there is for one server: nothing of it is ever given to another. */
interface Shelf {
  kept?: Kept | undefined;
  flight?: Flight | undefined;
}

/**
 * Makes a token source of a function that gets a token: calls in parallel share one request, a token whose end is known is
 * kept and replaced ahead of it, and one that the server refused is replaced at once. A request that fails fails those
 * who wait for it; the next call asks anew. A request for which no call waits any more ends soon: its signal aborts. Each server
 * (the origin of the base URL) has a token of its own.
 *
 * A call fails with the supplier's own error if that is a ConnectError, `unavailable` if it is another or takes too long,
 * and `failed_precondition` if what it gives is no token. Throws a TypeError if an option is wrong.
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
    throw new TypeError("a token supplier must be a function that gives a token");
  }
  checkNumber("leewayMs", leewayMs, { least: 0, most: Number.POSITIVE_INFINITY });
  checkNumber("timeoutMs", timeoutMs, {});
  if (typeof random !== "function") {
    throw new TypeError("option random: must be a function");
  }
  const shelves = new Map<string, Shelf>();
  const late = (): ConnectError =>
    tokenError(`no token came within ${timeoutMs} ms`, Code.Unavailable);

  /** Begins a request. One that `isAhead` replaces a token that is still good, so nobody has to wait for it. */
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
    // Later, so that a supplier that throws at once finds its flight in place.
    const result = Promise.resolve().then(ask);
    // Perhaps nobody waits: a replacement ahead of time, or calls that all ended.
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
   * The request under way. In an edge runtime one whose own call has ended never settles, nor does its timer fire: it
   * counts for its time only, and those who wait for it have timers of their own.
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
      // That request had begun before the refusal was known, and brought the same token once more.
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

/** Checks what a supplier gave. */
function check(given: string | Token): Token {
  const token = typeof given === "string" ? { accessToken: given } : given;
  const problem = tokenProblem(token?.accessToken);
  if (problem !== undefined) {
    throw tokenError(`what the token supplier gave ${problem}`, Code.FailedPrecondition);
  }
  const { expiresAtMs } = token;
  if (expiresAtMs !== undefined && (typeof expiresAtMs !== "number" || Number.isNaN(expiresAtMs))) {
    throw tokenError(
      "the expiresAtMs that the token supplier gave must be milliseconds since 1970",
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
    // Somewhere in the first half of the window: many processes that started together do not ask together.
    replaceAtMs: expiresAtMs - windowMs * (1 - chance / 2),
    // A token must outlive its way to the server.
    usableUntilMs: expiresAtMs - windowMs / 10,
    pauseMs: windowMs / 10,
  };
}
