import { withCode } from "../../call/with-code.js";
import { composeMessage } from "./compose-message.js";
import { type Message, setTexts } from "../../utils/message.js";
import { optionText } from "../../utils/option-text.js";
import type { DescMethod } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { ErrorDetailSchema } from "../../../gen/zitadel/message_pb.js";
import { listTextVariants } from "../../redact/secret-variants.js";
import { redactError } from "../../redact/redact-error.js";
import { redactMessage } from "../../redact/redact-message.js";
import { collectSecrets } from "../../redact/collect-secrets.js";
import type { Protocol } from "../../call/protocol.js";
import { AttemptError } from "../../call/attempt-error.js";
import type { Call } from "../../call/call.js";
import type { Ending } from "../../call/deadline.js";
import { decideOutcome } from "../../call/outcome.js";
import { decodeDetails, errorIdIn } from "../../hints/error-id.js";
import { hintFor } from "../../hints/hints.js";
import { classify } from "../retry/classify.js";
import { recordOrganization } from "./error-organization.js";
import { ZitadelError, type ZitadelErrorInit } from "./zitadel-error.js";
import { causeOfEnding, endings } from "./endings.js";
import { isCausedByDeadline } from "./is-caused-by-deadline.js";
import { unknownOutcomeHint } from "./unknown-outcome-hint.js";

/** The facts about a failed call besides the error that its transport threw. */
export interface FailedCall {
  readonly method: DescMethod;
  /** The request of the caller. Its secrets must not be in the error. */
  readonly input: unknown;
  readonly protocol: Protocol | undefined;
  readonly baseUrl: string | undefined;
  readonly call: Call;
  /** The reason why the client ended the call, if it did. */
  readonly ending?: Ending | undefined;
  /** The time that was left until the deadline when the call failed, in milliseconds. Default: infinity. */
  readonly remainingMs?: number | undefined;
  readonly timeoutMs?: number | undefined;
  /** The abort reason of the caller's signal. */
  readonly abortReason?: unknown;
}

/**
 * Converts anything that a transport threw into the error that callers get. It is the same for each wire protocol, carries all
 * known facts, and contains no secrets.
 */
export function toZitadelError(thrown: unknown, failed: FailedCall): ZitadelError {
  if (thrown instanceof ZitadelError) {
    return thrown;
  }
  const error = ConnectError.from(thrown);
  const isLate = isCausedByDeadline(error, failed.remainingMs ?? Number.POSITIVE_INFINITY);
  const ending = failed.ending ?? (isLate ? "deadline" : undefined);
  const failure =
    ending === undefined ? createFailure(error, failed) : createEnding(error, ending, failed);
  recordOrganization(failure, failed.call.orgId);
  return failure;
}

/** Creates the error of a call that failed by itself. */
function createFailure(error: ConnectError, failed: FailedCall): ZitadelError {
  const classification = classify(error);
  const { httpStatus, override } = classification;
  const facts = commonFacts(failed, classification.mayBeDone);
  const secrets = listSecrets(failed);
  const redacted = ConnectError.from(redactError(error, secrets));
  const explained = explain(error, failed, httpStatus);
  // A write of unknown outcome gets two hints: one about the cause, and one about the outcome.
  const hints = [
    explained && redactHint(explained.hint, secrets),
    facts.outcome === "unknown" ? unknownOutcomeHint(failed.method) : undefined,
  ].filter((each) => each !== undefined);
  return createError({
    ...facts,
    message: redactMessage(override?.message ?? AttemptError.rawMessageOf(redacted), secrets),
    code: (override ?? redacted).code,
    metadata: redacted.metadata,
    details: sameDetails(redacted.details),
    cause: override === undefined ? redacted.cause : (redacted.cause ?? redacted),
    httpStatus,
    reason: explained?.reason ?? override?.reason,
    hint: joinHints(hints),
  });
}

/** Creates the error of a call that the client ended. Its text contains nothing from outside. */
function createEnding(error: ConnectError, ending: Ending, failed: FailedCall): ZitadelError {
  const facts = commonFacts(failed, true);
  const redacted = ConnectError.from(redactError(error, listSecrets(failed)));
  const isFromZitadel = classify(error).isFromZitadel ?? false;
  const { code, message } = endings[ending];
  return createError({
    ...facts,
    message: message(failed.timeoutMs),
    code,
    metadata: redacted.metadata,
    details: [],
    cause: causeOfEnding(ending, failed.abortReason, isFromZitadel ? redacted : undefined),
    httpStatus: undefined,
    reason: ending,
    hint: facts.outcome === "unknown" ? unknownOutcomeHint(failed.method) : undefined,
  });
}

/** Creates an error with ZITADEL's own details, decoded, and with ZITADEL's id of the error. */
function createError(init: FailureInit): ZitadelError {
  const zitadelDetails = decodeDetails(init.details ?? []);
  const message = String(init.message);
  const hint = init.hint && String(init.hint);
  const id = errorIdIn(zitadelDetails, message);
  const error = new ZitadelError({ ...init, message, hint, zitadelDetails, id });
  return setTexts(error, { message: withCode(error, composeMessage(init)), hint: init.hint });
}

/** The parameters of a `ZitadelError`, with texts in parts, before its details are decoded. */
interface FailureInit extends Omit<ZitadelErrorInit, "message" | "hint" | "zitadelDetails" | "id"> {
  readonly message: Message;
  readonly hint: Message | undefined;
}

function joinHints([first, second]: readonly Message[]): Message | undefined {
  return first !== undefined && second !== undefined ? optionText`${first}; ${second}` : first;
}

/** Returns the facts that all errors of a call have. */
function commonFacts(
  { method, call, protocol }: FailedCall,
  lastMayBeDone: boolean,
): Pick<ZitadelErrorInit, "rpc" | "protocol" | "attempts" | "outcome" | "startedAt"> {
  return {
    rpc: rpcOf(method),
    protocol,
    attempts: call.attempts,
    outcome: decideOutcome(method, call, lastMayBeDone),
    startedAt: new Date(call.startedMs),
  };
}

function rpcOf({ parent, name }: DescMethod): string {
  return `${parent.typeName}/${name}`;
}

/** Returns the texts that must not be in the error: the tokens of the call, and the secrets of its request. */
function listSecrets({ method, input, call }: FailedCall): string[] {
  return [
    ...[...new Set(call.secrets)].flatMap(listTextVariants),
    ...collectSecrets(method.input, input),
  ];
}

/** Finds the hint for an error, and the reason that goes with it. */
function explain(
  error: ConnectError,
  { method, protocol, baseUrl, call }: FailedCall,
  httpStatus: number | undefined,
): ReturnType<typeof hintFor> {
  return hintFor({
    error,
    ...(protocol && { protocol }),
    ...(baseUrl && { baseUrl }),
    ...(httpStatus && { httpStatus }),
    instanceHost: call.instanceHost,
    headers: AttemptError.factsOf(error).headers ?? [],
    rpc: rpcOf(method),
    token: call.token,
    orgId: call.orgId,
  });
}

/** The maximum length of a host name, in characters. */
const maxHost = 253;

/** Removes secrets from a hint. Hints repeat host names from redirects, which URLs convert to lower case. */
function redactHint(hint: Message, secrets: readonly string[]): Message {
  const hosts = secrets.filter(({ length }) => length <= maxHost);
  return redactMessage(
    redactMessage(hint, secrets),
    hosts.map((secret) => secret.toLowerCase()),
  );
}

/** Returns ZITADEL's own details in the form that all wire protocols share. Over REST, the details also hold their JSON. */
function sameDetails(details: ConnectError["details"]): ConnectError["details"] {
  return details.map((detail) =>
    "type" in detail && detail.type === ErrorDetailSchema.typeName
      ? { type: detail.type, value: detail.value }
      : detail,
  );
}
