import { Code, ConnectError } from "@connectrpc/connect";
import { onAbort } from "./abort.js";
import { Deadline, type Ending } from "./deadline.js";
import { isError } from "../utils/is-error.js";

/** The limits of a call. Without any, it ends only by itself, or when its client is closed with `force`. */
interface CallLimits {
  /** The caller's signal. */
  readonly signal?: AbortSignal | undefined;
  /** The timeout in milliseconds. Default: 0, which means none. */
  readonly timeoutMs?: number | undefined;
  /** A deadline that the new one must not outlast. */
  readonly outer?: Deadline | undefined;
}

/** Starts the deadline of a call. `Deadline.release` removes its timer and its listeners. */
export function startDeadline({ signal, timeoutMs = 0, outer }: CallLimits): Deadline {
  const ownEndMs = timeoutMs > 0 ? performance.now() + timeoutMs : Number.POSITIVE_INFINITY;
  const deadline = new Deadline(Math.min(ownEndMs, outer?.endMs ?? Number.POSITIVE_INFINITY));
  if (outer !== undefined) {
    const end = (reason: unknown): void => deadline.end(outer.ending ?? "aborted", reason);
    deadline.onRelease(outer.onEnd(end));
  }
  if (signal !== undefined) {
    const end = (): void => deadline.end(endingOf(signal), signal.reason);
    deadline.onRelease(onAbort(signal, end));
  }
  if (timeoutMs > 0) {
    const reason = (): ConnectError =>
      new ConnectError("the operation timed out", Code.DeadlineExceeded);
    const timer = setTimeout(() => deadline.end("deadline", reason()), timeoutMs);
    deadline.onRelease(() => clearTimeout(timer));
  }
  return deadline;
}

/** Returns the reason for which a caller's signal ended a call. `AbortSignal.timeout()` aborts with a TimeoutError. */
function endingOf({ reason }: AbortSignal): Ending {
  return isError(reason) && reason.name === "TimeoutError" ? "timeout-signal" : "aborted";
}
