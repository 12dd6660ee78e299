import type { Ending } from "../../call/deadline.js";
import type { MisroutingReason } from "../../call/misrouting-reason.js";

/**
 * The reason why a call failed, if ZITADEL did not reject it.
 *
 * - `deadline`: the `timeoutMs` of the call passed. `timeout-signal`: the caller's `AbortSignal.timeout()` fired. `aborted`: the caller
 * aborted the call. `closed`: the client was closed with `force`.
 * - `unreachable`: no request was sent. `connection`: the connection broke before the response was complete.
 * - `answer`: the response was cut off, or does not come from this API.
 * - `proxy`: something in front of ZITADEL answered with an error.
 * - `request`: the request could not be encoded, so nothing was sent.
 * - any other value names what answered instead of the API.
 */
export type ErrorReason =
  Ending | "unreachable" | "connection" | "answer" | "proxy" | "request" | MisroutingReason;
