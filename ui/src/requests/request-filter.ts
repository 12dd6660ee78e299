import type { RequestEntry } from "../control/control-queries.js";
import { isFailed, formatRequestName, formatResult } from "./request-result.js";

/** The conditions on the requests to show. An empty text matches all. */
export interface RequestFilter {
  /** A part of the RPC or of the path. */
  readonly text: string;
  /** `"succeeded"`, `"failed"`, or a result such as `"not_found"`. */
  readonly result: string;
}

/** Returns the requests that match, newest first. */
export function filterRequests(
  requests: readonly RequestEntry[],
  { text, result }: RequestFilter,
): readonly RequestEntry[] {
  const part = text.trim().toLowerCase();
  return requests
    .filter(
      (request) =>
        formatRequestName(request).toLowerCase().includes(part) && hasResult(request, result),
    )
    .toReversed();
}

function hasResult(request: RequestEntry, result: string): boolean {
  switch (result) {
    case "":
      return true;
    case "succeeded":
      return !isFailed(request);
    case "failed":
      return isFailed(request);
    default:
      return formatResult(request) === result;
  }
}
