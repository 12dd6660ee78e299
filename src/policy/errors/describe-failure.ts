import { type Code, ConnectError } from "@connectrpc/connect";
import { ErrorDetailSchema } from "../../../gen/zitadel/message_pb.js";
import { AttemptError } from "../../call/attempt-error.js";
import type { Ending } from "../../call/call-end.js";
import type { Message } from "../../utils/message.js";
import type { Classification } from "../retry/classification.js";
import { causeOfEnding, endings } from "./endings.js";
import type { ErrorReason } from "./error-reason.js";
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
 * Describes a failed call. The end of the call by the client comes first, then the code and text that replace those of the
 * transport, then those of ZITADEL. `error` is the thrown error without secrets.
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
  const carried = { httpStatus, details: sameDetails(error.details) };
  return override === undefined
    ? { ...carried, ...describeServerError(error) }
    : { ...carried, ...describeOverride(override, error) };
}

/** Describes a call that the client ended. Nothing of it comes from the server, except for the cause. */
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

/** The parts of a description that the error of a server, or the override of a transport's error, decides. */
type Verdict = Pick<FailureDescription, "code" | "message" | "reason" | "cause">;

/** Describes a failure whose code and text say little, because they depend on the transport. */
function describeOverride(
  { code, message, reason }: NonNullable<Classification["override"]>,
  error: ConnectError,
): Verdict {
  return { code, message, reason, cause: error.cause ?? error };
}

function describeServerError(error: ConnectError): Verdict {
  return {
    code: error.code,
    message: AttemptError.rawMessageOf(error),
    reason: undefined,
    cause: error.cause,
  };
}

/** Returns ZITADEL's own details in the form that all wire protocols share. Over REST, the details also hold their JSON. */
function sameDetails(details: ConnectError["details"]): ConnectError["details"] {
  return details.map((detail) =>
    "type" in detail && detail.type === ErrorDetailSchema.typeName
      ? { type: detail.type, value: detail.value }
      : detail,
  );
}
