import { type Code, ConnectError } from "@connectrpc/connect";
import { ErrorDetailSchema } from "../../../gen/zitadel/message_pb.js";
import { AttemptError } from "../../call/attempt-error.js";
import type { Ending } from "../../call/deadline.js";
import type { Message } from "../../utils/message.js";
import type { Classification } from "../classify/classification.js";
import { causeOfEnding, endings } from "./endings.js";
import type { ErrorReason } from "../classify/error-reason.js";
import type { FailedCall } from "./failed-call.js";
import type { FailureFacts } from "./read-failure.js";

/** The parts of an error that are the same over each wire protocol. */
interface FailureDescription {
  readonly code: Code;
  /** The text of the server, or of this client if the server sent none. It may contain secrets. */
  readonly message: Message;
  readonly reason: ErrorReason | undefined;
  readonly httpStatus: number | undefined;
  readonly details: ConnectError["details"];
  readonly cause: unknown;
}

/**
 * Describes a failed call. If the client ended the call, the reason for that decides; otherwise the override of the transport's error,
 * if there is one; otherwise the server's error. `error` is the thrown error without secrets.
 */
export function describeFailure(
  error: ConnectError,
  { ending, classification }: FailureFacts,
  failed: FailedCall,
): FailureDescription {
  if (ending !== undefined) {
    const serverError = classification.isFromZitadel ? error : undefined;
    return describeEnding(ending, serverError, failed);
  }
  const { override, httpStatus } = classification;
  const serverFacts = { httpStatus, details: unifyDetails(error.details) };
  return override === undefined
    ? { ...serverFacts, ...describeServerError(error) }
    : { ...serverFacts, ...describeOverride(override, error) };
}

/** Describes a call that the client ended. Only the cause may come from the server. */
function describeEnding(
  ending: Ending,
  serverError: ConnectError | undefined,
  { timeoutMs, abortReason }: FailedCall,
): FailureDescription {
  const { code, message } = endings[ending];
  return {
    code,
    message: message(timeoutMs),
    reason: ending,
    httpStatus: undefined,
    details: [],
    cause: causeOfEnding(ending, abortReason, serverError),
  };
}

/** The parts of a description that differ between a server's error and an override of a transport's error. */
type ErrorDescription = Pick<FailureDescription, "code" | "message" | "reason" | "cause">;

/** Describes a failure whose own code and text depend on the transport, by the code and text of the override. */
function describeOverride(
  { code, message, reason }: NonNullable<Classification["override"]>,
  error: ConnectError,
): ErrorDescription {
  return message === undefined
    ? { ...describeServerError(error), code, reason }
    : { code, message, reason, cause: error.cause ?? error };
}

function describeServerError(error: ConnectError): ErrorDescription {
  return {
    code: error.code,
    message: AttemptError.rawMessageOf(error),
    reason: undefined,
    cause: error.cause,
  };
}

/** Returns ZITADEL's own details in the form that all wire protocols share: without the JSON that details over REST have. */
function unifyDetails(details: ConnectError["details"]): ConnectError["details"] {
  return details.map((detail) =>
    "type" in detail && detail.type === ErrorDetailSchema.typeName
      ? { type: detail.type, value: detail.value }
      : detail,
  );
}
