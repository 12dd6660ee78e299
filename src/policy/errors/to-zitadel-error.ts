/**
 * The conversion of a failure into the error that callers get, in these steps:
 *
 * 1. `readFailure` classifies the error that the transport threw, and decides the outcome of the call.
 * 2. `redactThrown` removes the secrets from that error. Later steps get only the result.
 * 3. `describeFailure` chooses the code, the text, the reason and the cause.
 * 4. `explainFailedCall` chooses the hint, and the reason that goes with it.
 * 5. `redactTexts` removes the secrets from both texts, which may have parts of the request.
 * 6. `createZitadelError` composes the error from these parts.
 */
import { ConnectError } from "@connectrpc/connect";
import { withCode } from "../../call/with-code.js";
import { decodeDetails, errorIdIn } from "../../hints/error-id.js";
import { type Message, setTexts } from "../../utils/message.js";
import { composeMessage } from "./compose-message.js";
import { describeFailure } from "./describe-failure.js";
import { recordOrganization } from "./error-organization.js";
import { explainFailedCall } from "./explain-failed-call.js";
import type { FailedCall } from "./failed-call.js";
import { readFailure } from "./read-failure.js";
import { listSecrets, redactTexts, redactThrown } from "./redact-failure.js";
import { rpcOf } from "./rpc-of.js";
import { ZitadelError, type ZitadelErrorInit } from "./zitadel-error.js";

/**
 * Converts anything that a transport threw into the error that callers get. The error is the same for each wire protocol, carries all
 * known facts, and contains no secrets.
 */
export function toZitadelError(thrown: unknown, failed: FailedCall): ZitadelError {
  if (thrown instanceof ZitadelError) {
    return thrown;
  }
  const error = ConnectError.from(thrown);
  const facts = readFailure(error, failed);
  const secrets = listSecrets(failed);
  const clean = redactThrown(error, secrets);
  const description = describeFailure(clean, facts, failed);
  const explanation = explainFailedCall(clean, facts, failed);
  const texts = redactTexts({ message: description.message, hint: explanation.hint }, secrets);
  const parts = {
    ...description,
    ...texts,
    reason: explanation.reason ?? description.reason,
    outcome: facts.outcome,
    metadata: clean.metadata,
  };
  return createZitadelError(parts, failed);
}

/** The parts of an error that its failure decides, without secrets. */
interface FailureParts extends Pick<
  ZitadelErrorInit,
  "code" | "reason" | "outcome" | "httpStatus" | "cause"
> {
  readonly message: Message;
  readonly hint: Message | undefined;
  readonly metadata: Headers;
  readonly details: ConnectError["details"];
}

/** Creates the error with ZITADEL's own details, decoded, and with ZITADEL's id of the error. */
function createZitadelError(
  parts: FailureParts,
  { method, protocol, call }: FailedCall,
): ZitadelError {
  const { hint, outcome } = parts;
  const { attempts } = call;
  const message = String(parts.message);
  const zitadelDetails = decodeDetails(parts.details);
  const error = new ZitadelError({
    ...parts,
    message,
    hint: hint && String(hint),
    zitadelDetails,
    id: errorIdIn(zitadelDetails, message),
    rpc: rpcOf(method),
    protocol,
    attempts,
    startedAt: new Date(call.startedMs),
  });
  recordOrganization(error, call.orgId);
  const fullMessage = composeMessage({ message: parts.message, hint, outcome, attempts });
  return setTexts(error, { message: withCode(error, fullMessage), hint });
}
