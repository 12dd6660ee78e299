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

/**
 * Starts the deadline of a call. The creator calls `release` when the call is over, as it would call `clearTimeout`. A deadline that
 * ends releases itself.
 */
export function startDeadline({ timeoutMs = 0, signal, outer }: DeadlineOptions = {}): Deadline {
  const ownEndMs = timeoutMs > 0 ? performance.now() + timeoutMs : Number.POSITIVE_INFINITY;
  const deadline = new Deadline(Math.min(ownEndMs, outer?.endMs ?? Number.POSITIVE_INFINITY));
  if (outer !== undefined) {
    endWithOuter(deadline, outer);
  }
  if (signal !== undefined && deadline.ending === undefined) {
    endOnAbort(deadline, signal);
  }
  if (timeoutMs > 0 && deadline.ending === undefined) {
    endAfter(deadline, timeoutMs);
  }
  return deadline;
}

/** Ends a deadline together with an outer one, for the same reason. */
function endWithOuter(deadline: Deadline, outer: Deadline): void {
  deadline.onRelease(outer.onEnd((reason, ending) => deadline.end(reason, ending)));
}

/** Ends a deadline when the caller's signal aborts. `AbortSignal.timeout()` aborts with a TimeoutError. */
function endOnAbort(deadline: Deadline, signal: AbortSignal): void {
  const abort = (): void => {
    const { reason }: { readonly reason: unknown } = signal;
    const isTimeout = isError(reason) && reason.name === "TimeoutError";
    deadline.end(reason, isTimeout ? "timeout-signal" : "aborted");
  };
  deadline.onRelease(onAbort(signal, abort));
}

/** Ends a deadline after a time in milliseconds. */
function endAfter(deadline: Deadline, timeoutMs: number): void {
  const timer = setTimeout(() => deadline.end(createTimeoutError(), "deadline"), timeoutMs);
  deadline.onRelease(() => clearTimeout(timer));
}

function createTimeoutError(): ConnectError {
  return new ConnectError("the operation timed out", Code.DeadlineExceeded);
}
