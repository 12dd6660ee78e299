import type { RequestEntry } from "../control/control-queries.js";
import { isFailed, formatRequestName, formatOutcome } from "./request-outcome.js";

/** The conditions on the requests to show. An empty text matches all. */
export interface RequestFilter {
  /** A part of the RPC or of the path. */
  readonly text: string;
  /** `"succeeded"`, `"failed"`, or an outcome such as `"not_found"`. */
  readonly outcome: string;
}

/** Returns the requests that match, newest first. */
export function filterRequests(
  requests: readonly RequestEntry[],
  { text, outcome }: RequestFilter,
): readonly RequestEntry[] {
  const part = text.trim().toLowerCase();
  return requests
    .filter(
      (request) =>
        formatRequestName(request).toLowerCase().includes(part) && hasOutcome(request, outcome),
    )
    .toReversed();
}

function hasOutcome(request: RequestEntry, outcome: string): boolean {
  switch (outcome) {
    case "":
      return true;
    case "succeeded":
      return !isFailed(request);
    case "failed":
      return isFailed(request);
    default:
      return formatOutcome(request) === outcome;
  }
}
