import { Code, ConnectError } from "@connectrpc/connect";
import { isError } from "../utils/is-error.js";
import { onAbort } from "../utils/abort.js";
import { Deadline } from "./deadline.js";

/** The events that end a call before its response. The first of them counts. */
interface DeadlineOptions {
  /** The timeout in milliseconds. Default: 0, which means none. */
  readonly timeoutMs?: number | undefined;
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined;
  /** A deadline that this one must not outlast. */
  readonly outer?: Deadline | undefined;
}

/** A deadline, and the function that stops waiting for its events. */
interface StartedDeadline {
  readonly deadline: Deadline;
  /** Clears the timer and removes the listeners. The creator calls it when the call is over. */
  readonly stop: () => void;
}

/**
 * Creates a deadline and waits for the events that end it. If one has happened already, the deadline has ended when this function returns.
 * A deadline that ends stops waiting by itself.
 */
export function startDeadline({ timeoutMs = 0, signal, outer }: DeadlineOptions): StartedDeadline {
  const ownEndMs = timeoutMs > 0 ? performance.now() + timeoutMs : Number.POSITIVE_INFINITY;
  const deadline = new Deadline(Math.min(ownEndMs, outer?.endMs ?? Number.POSITIVE_INFINITY));
  const stopFunctions: (() => void)[] = [];
  if (outer !== undefined) {
    stopFunctions.push(outer.onEnd((reason, ending) => deadline.end(reason, ending)));
  }
  if (signal !== undefined) {
    stopFunctions.push(endOnAbort(deadline, signal));
  }
  if (timeoutMs > 0) {
    stopFunctions.push(endAfter(deadline, timeoutMs));
  }
  const stop = (): void => stopFunctions.forEach((each) => each());
  // Runs at once if an event has already ended the deadline. A second `end` or `stop` has no effect.
  deadline.onEnd(stop);
  return { deadline, stop };
}

/** Ends a deadline when the signal aborts. `AbortSignal.timeout()` aborts with a TimeoutError. */
function endOnAbort(deadline: Deadline, signal: AbortSignal): () => void {
  return onAbort(signal, () => {
    const { reason }: { readonly reason: unknown } = signal;
    const isTimeout = isError(reason) && reason.name === "TimeoutError";
    deadline.end(reason, isTimeout ? "timeout-signal" : "aborted");
  });
}

/** Ends a deadline after a time in milliseconds. */
function endAfter(deadline: Deadline, timeoutMs: number): () => void {
  const timer = setTimeout(() => deadline.end(createTimeoutError(), "deadline"), timeoutMs);
  return () => clearTimeout(timer);
}

function createTimeoutError(): ConnectError {
  return new ConnectError("the operation timed out", Code.DeadlineExceeded);
}
