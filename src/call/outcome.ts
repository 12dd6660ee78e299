import type { DescMethod } from "@bufbuild/protobuf";
import type { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import type { Call } from "./call.js";
import type { Ending } from "./deadline.js";

/** The outcome of a failed call: `not_done` is certain, `unknown` means that the call may have been carried out. */
export type Outcome = "not_done" | "unknown";

const noSideEffects: MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS = 1;

/** A call that has failed. */
interface EndedCall {
  readonly method: DescMethod;
  readonly call: Call;
  /** The reason why the client ended the call, if it did. */
  readonly ending?: Ending | undefined;
}

/**
 * Decides the outcome of a failed call; no other code does. Errors of operations and of token sources have the outcome of their own work.
 *
 * A call that only reads changes nothing. A write may have been carried out if one of its earlier attempts may have been, or if
 * its last attempt was sent and neither its response nor its error proves the opposite (`lastMayBeDone`). The server may also still
 * carry out an attempt whose response the client no longer awaits, because it has ended the call.
 */
export function decideOutcome(
  { method, call, ending }: EndedCall,
  lastMayBeDone: boolean,
): Outcome {
  if (method.idempotency === noSideEffects) {
    return "not_done";
  }
  return call.mayBeDone || mayAttemptBeDone(call, lastMayBeDone || ending !== undefined)
    ? "unknown"
    : "not_done";
}

/** Returns true if the current attempt may have been carried out. An attempt that was never sent was not, whatever its error says. */
export function mayAttemptBeDone({ sent }: Call, mayBeDone: boolean): boolean {
  return sent && mayBeDone;
}
