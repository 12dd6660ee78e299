/**
 * The conversion of a failure into the error that callers get, in these steps:
 *
 * 1. `readFailure` classifies the error as it was thrown, and decides the outcome of the call.
 * 2. `redactThrown` removes the secrets from that error. The next steps see it only without them.
 * 3. `describeFailure` chooses the code, the text, the reason and the cause.
 * 4. `explainFailedCall` chooses the hint, and the reason that goes with it.
 * 5. `redactMessage` and `redactHint` remove the secrets from both texts, which may have parts of the request.
 * 6. `createZitadelError` composes the error from these parts.
 */
import { ConnectError } from "@connectrpc/connect";
import { createZitadelError } from "./create-zitadel-error.js";
import { describeFailure } from "./describe-failure.js";
import { explainFailedCall } from "./explain-failed-call.js";
import type { FailedCall } from "./failed-call.js";
import { readFailure } from "./read-failure.js";
import { redactMessage } from "../../redact/redact-message.js";
import { listSecrets, redactHint, redactThrown } from "./redact-failure.js";
import { rpcOf } from "./rpc-of.js";
import { ZitadelError } from "./zitadel-error.js";

/**
 * Converts anything that a transport threw into the error that callers get. The error is the same for each wire protocol, carries all
 * known facts, and contains no secrets, except in the caller's own abort reason.
 */
export function toZitadelError(thrown: unknown, failed: FailedCall): ZitadelError {
  if (thrown instanceof ZitadelError) {
    return thrown;
  }
  const { method, protocol, call } = failed;
  const error = ConnectError.from(thrown);
  const facts = readFailure(error, failed);
  const secrets = listSecrets(failed);
  const clean = redactThrown(error, secrets);
  const description = describeFailure(clean, facts, failed);
  const explanation = explainFailedCall(clean, facts, failed);
  return createZitadelError({
    code: description.code,
    message: redactMessage(description.message, secrets),
    hint: explanation.hint && redactHint(explanation.hint, secrets),
    reason: explanation.reason ?? description.reason,
    outcome: facts.outcome,
    httpStatus: description.httpStatus,
    metadata: clean.metadata,
    details: description.details,
    cause: description.cause,
    rpc: rpcOf(method),
    protocol,
    attempts: call.attempts,
    startedAt: new Date(call.startedMs),
    orgId: call.orgId,
  });
}
