import { onAbort, speakFor } from "./abort.js";
import { connectError } from "../connect-error.js";

/** The cause that ended a call from this side. */
export type Ending = "deadline" | "timeout-signal" | "aborted" | "closed";

/** The limits of one call: its deadline and its caller's signal. A client that is closed by force ends them too. */
export interface Limits {
  /** Aborts when the first of them is reached. Undefined if there is none. */
  readonly signal: AbortSignal | undefined;
  /** What was reached first. */
  readonly ending: Ending | undefined;
  /** Milliseconds until the deadline; infinite without one. */
  remainingMs(): number;
  /** The result of `work`, or a rejection at once when a limit is reached, whether `work` takes notice or not. */
  race<T>(work: Promise<T>): Promise<T>;
  /** Ends the timer and the listening. */
  done(): void;
  /** Ends the call because its client is closed by force. Undefined if there is no limit: then its request is ended. */
  abort?(reason: unknown): void;
}

/** When a signal of `startLimits` aborts by itself, in `performance.now()`. On the signal, for the reason in abort.ts. */
const endsAt = Symbol("when this signal aborts");

type EndingSignal = AbortSignal & { [endsAt]?: number };

/** Whether `signal` aborts within the next `timeoutMs` milliseconds anyway: then that deadline needs no timer of its own. */
export function endsWithin(signal: AbortSignal, timeoutMs: number): boolean {
  return (
    ((signal as EndingSignal)[endsAt] ?? Number.POSITIVE_INFINITY) <= performance.now() + timeoutMs
  );
}

/** Returns the deadline of a call: its own, or the default one. 0 is none; so is a negative one, as Connect defines it. */
export function chooseTimeoutMs(
  ownMs: number | undefined,
  defaultMs: number | undefined,
): number | undefined {
  const chosen = ownMs ?? defaultMs;
  return chosen === undefined || chosen <= 0 ? undefined : chosen;
}

/** The value of `grpc-timeout`: at most eight digits, of which `m` is milliseconds. */
export function timeoutHeader(timeoutMs: number): string {
  const ms = Math.ceil(timeoutMs);
  return ms < 1e8 ? `${ms}m` : `${Math.ceil(ms / 1000)}S`;
}

/** setTimeout fires at once for anything longer. */
const longestTimer = 2 ** 31 - 1;

/** Those of a call without a deadline and a signal. */
export const noLimits: Limits = {
  signal: undefined,
  ending: undefined,
  remainingMs: () => Number.POSITIVE_INFINITY,
  race: (work) => work,
  done: () => undefined,
};

/** Starts the clock of a call. Without `timeoutMs`, or with one that is not above 0, there is no deadline. */
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

/** What `AbortSignal.timeout()` aborts with. */
function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === "TimeoutError";
}

/** The most that eight digits of `grpc-timeout` hold in milliseconds: 27 hours. */
const longestMs = 99_999_999;

/** What an attempt is told: whole milliseconds, rounded up, so that this side is the first to give up. */
export function leftMs(remainingMs: number): number | undefined {
  return remainingMs > longestMs ? undefined : Math.max(1, Math.ceil(remainingMs));
}
