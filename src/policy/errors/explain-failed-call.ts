import type { ConnectError } from "@connectrpc/connect";
import { findHint } from "../../hints/find-hint.js";
import type { Message } from "../../utils/message.js";
import { optionText } from "../../utils/option-text.js";
import type { ErrorReason } from "../classify/error-reason.js";
import type { FailedCall } from "./failed-call.js";
import type { FailureFacts } from "./read-failure.js";
import { rpcOf } from "./rpc-of.js";
import { findUnknownOutcomeHint } from "./unknown-outcome-hint.js";

/** The likely cause of a failed call, and the advice on what to do. */
interface Explanation {
  readonly reason: ErrorReason | undefined;
  readonly hint: Message | undefined;
}

/**
 * Explains a failed call. A write of unknown outcome gets two hints: one about the cause, and one about the outcome. `error` is the
 * thrown error without secrets; the hint may contain parts of the request and must be redacted.
 */
export function explainFailedCall(
  error: ConnectError,
  facts: FailureFacts,
  failed: FailedCall,
): Explanation {
  // The client knows why it ended a call.
  const explained = facts.ending === undefined ? explainError(error, facts, failed) : undefined;
  const advice = facts.outcome === "unknown" ? findUnknownOutcomeHint(failed.method) : undefined;
  return { reason: explained?.reason, hint: joinHints(explained?.hint, advice) };
}

/** Finds the hint for an error, and the reason that goes with it. */
function explainError(
  error: ConnectError,
  { attempt, classification }: FailureFacts,
  { method, protocol, baseUrl, call }: FailedCall,
): ReturnType<typeof findHint> {
  return findHint({
    error,
    attempt,
    protocol,
    baseUrl,
    httpStatus: classification.httpStatus,
    instanceHost: call.instanceHost,
    rpc: rpcOf(method),
    token: call.token,
    orgId: call.orgId,
  });
}

function joinHints(first: Message | undefined, second: Message | undefined): Message | undefined {
  return first !== undefined && second !== undefined
    ? optionText`${first}; ${second}`
    : (first ?? second);
}
