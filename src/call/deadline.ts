import { onAbort, speakFor } from "./abort.js";
import { connectError } from "./connect-error.js";

/** The reason why the client ended a call. */
export type Ending = "deadline" | "timeout-signal" | "aborted" | "closed";

/**
 * The limits of one call: its deadline and its caller's signal. Closing the client with `force` ends the call through them too.
 */
export interface Limits {
  /** A signal that aborts when the first limit is reached; undefined if there is none. */
  readonly signal: AbortSignal | undefined;
  /** The limit that was reached first. */
  readonly ending: Ending | undefined;
  /** Returns the milliseconds until the deadline, or infinity without one. */
  remainingMs(): number;
  /** Returns the result of `work`, or rejects at once when a limit is reached, even if `work` ignores the signal. */
  race<T>(work: Promise<T>): Promise<T>;
  /** Removes the timer and the listener. */
  done(): void;
  /**
   * Ends the call because its client was closed with `force`. Undefined if there are no limits: then the request itself is
   * aborted.
   */
  abort?(reason: unknown): void;
}

/**
 * The property with the time at which a signal of `startLimits` aborts by itself, on the clock of `performance.now()`. It is on
 * the signal for the reason given in abort.ts.
 */
const endsAt = Symbol("when this signal aborts");

type EndingSignal = AbortSignal & { [endsAt]?: number };

/** Returns true if `signal` will abort within `timeoutMs` milliseconds, so that no second timer is needed. */
export function endsWithin(signal: AbortSignal, timeoutMs: number): boolean {
  return (
    ((signal as EndingSignal)[endsAt] ?? Number.POSITIVE_INFINITY) <= performance.now() + timeoutMs
  );
}

/** Returns the timeout of a call: its own, or the default. 0 means none, and so does a negative one, as in Connect. */
export function chooseTimeoutMs(
  ownMs: number | undefined,
  defaultMs: number | undefined,
): number | undefined {
  const chosen = ownMs ?? defaultMs;
  return chosen === undefined || chosen <= 0 ? undefined : chosen;
}

/** Returns the value of `grpc-timeout`: at most eight digits and a unit, of which `m` is milliseconds. */
export function timeoutHeader(timeoutMs: number): string {
  const ms = Math.ceil(timeoutMs);
  return ms < 1e8 ? `${ms}m` : `${Math.ceil(ms / 1000)}S`;
}

/** The longest delay that `setTimeout` supports. A longer one fires at once. */
const longestTimer = 2 ** 31 - 1;

/** The limits of a call without a deadline and a signal. */
export const noLimits: Limits = {
  signal: undefined,
  ending: undefined,
  remainingMs: () => Number.POSITIVE_INFINITY,
  race: (work) => work,
  done: () => undefined,
};

/** Starts the limits of a call. Without `timeoutMs`, or with one that is not above 0, there is no deadline. */
export function startLimits(
  callerSignal: AbortSignal | undefined,
  timeoutMs: number | undefined,
): Limits {
  const limited = timeoutMs !== undefined && timeoutMs > 0;
  if (!limited && callerSignal === undefined) {
    return noLimits;
  }
  const end = limited ? performance.now() + timeoutMs : Number.POSITIVE_INFINITY;
  const controller = new AbortController();
  const tell = speakFor(controller.signal);
  if (limited) {
    (controller.signal as EndingSignal)[endsAt] = end;
  }
  let ending: Ending | undefined;
  let stop: ((reason: unknown) => void) | undefined;
  const reach = (what: Ending, reason: unknown): void => {
    ending ??= what;
    done();
    controller.abort(reason);
    tell();
    stop?.(controller.signal.reason);
  };
  const timer =
    limited && timeoutMs <= longestTimer
      ? setTimeout(
          () => reach("deadline", connectError("deadline_exceeded", "the operation timed out")),
          timeoutMs,
        )
      : undefined;
  let unlisten: (() => void) | undefined;
  const done = (): void => {
    clearTimeout(timer);
    unlisten?.();
  };
  if (callerSignal !== undefined) {
    unlisten = onAbort(callerSignal, () => {
      const reason: unknown = callerSignal.reason;
      reach(isTimeout(reason) ? "timeout-signal" : "aborted", reason);
    });
  }
  return {
    signal: controller.signal,
    get ending() {
      return ending;
    },
    remainingMs: () => end - performance.now(),
    race: (work) =>
      new Promise((resolve, reject) => {
        stop = reject;
        work.then(resolve, reject);
      }),
    done,
    abort: (reason) => reach("closed", reason),
  };
}

/** Returns true for the abort reason of `AbortSignal.timeout()`. */
function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === "TimeoutError";
}

/** The largest number of milliseconds that eight digits of `grpc-timeout` can hold: 27 hours. */
const longestMs = 99_999_999;

/**
 * Returns the timeout of an attempt: whole milliseconds, rounded up, so that the client reaches the deadline before the server.
 */
export function leftMs(remainingMs: number): number | undefined {
  return remainingMs > longestMs ? undefined : Math.max(1, Math.ceil(remainingMs));
}
