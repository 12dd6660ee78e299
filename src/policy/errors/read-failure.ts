import type { ConnectError } from "@connectrpc/connect";
import { AttemptError } from "../../call/attempt-error.js";
import type { AttemptFacts } from "../../call/attempt-facts.js";
import type { Ending } from "../../call/deadline.js";
import { decideOutcome, type Outcome } from "../../call/outcome.js";
import type { Classification } from "../classify/classification.js";
import { classify } from "../classify/classify.js";
import type { FailedCall } from "./failed-call.js";
import { isCausedByDeadline } from "./is-caused-by-deadline.js";

/** The facts that decide the code, the outcome and the hints of a failed call. */
export interface FailureFacts {
  readonly attempt: AttemptFacts;
  readonly classification: Classification;
  /** The reason why the client ended the call. Undefined if the call failed by itself. */
  readonly ending: Ending | undefined;
  readonly outcome: Outcome;
}

/** Reads the facts about a failed call from the error that the transport threw. */
export function readFailure(error: ConnectError, failed: FailedCall): FailureFacts {
  const { remainingMs = Number.POSITIVE_INFINITY } = failed;
  const classification = classify(error);
  const isLate = isCausedByDeadline(error, remainingMs);
  return {
    attempt: AttemptError.factsOf(error),
    classification,
    ending: failed.ending ?? (isLate ? "deadline" : undefined),
    outcome: decideOutcome(failed, classification.mayBeDone),
  };
}
