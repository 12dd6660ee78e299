import { isZitadelError, type ZitadelError } from "../../index.js";
import {
  type Candidate,
  ProviderError,
  type ProviderErrorReason,
  type ProviderProblem,
  UnresolvedCreateError,
} from "../../providers/index.js";
import { textsOf } from "../../utils/message.js";
import { findExplanation } from "../errors/explanations.js";
import { FileError, type FileProblem } from "../errors/file-error.js";
import { UnfinishedError } from "../errors/unfinished-error.js";
import { UnknownProviderError } from "../errors/unknown-provider-error.js";
import { UsageError } from "../errors/usage-error.js";
import { writeMessage } from "../errors/write-message.js";
import type { LockHolder } from "../lock/lock-holder.js";
import { LockedError } from "../lock/locked-error.js";
import { describeCauses, describeError, readOutcome } from "./describe-error.js";
import { listErrorCauses } from "../errors/list-error-causes.js";

/** The kind of a failure, with the details that only this kind has. */
interface FailureKind {
  /** The code of the failed call; without one, `usage`, `file`, `refused`, `not_found`, `locked` or `failed`. */
  readonly code: string;
  readonly id?: string;
  readonly reason?: string;
  readonly hint?: string;
  /** The process that holds the lock of the state file. */
  readonly holder?: LockHolder;
  readonly problems?: readonly (ProviderProblem | FileProblem)[];
}

/** The effects of a failed command, and the next steps. */
interface FailureEffects {
  /** The outcome of the whole command. `not_done` means that certainly nothing was written; anything else is `unknown`. */
  readonly outcome?: string;
  /** The messages of the causes, the nearest first, without those that the message of the error contains. */
  readonly causes?: readonly string[];
  /** Lines about the caller, if ZITADEL rejected it: the user or the token, its roles, and the missing permission. */
  readonly explanation?: readonly string[];
  /** The command to run next. */
  readonly next?: string;
  /** The provider that was written before a later step failed. */
  readonly providerId?: string;
  /** The providers that an Add whose response was lost may have created. */
  readonly candidates?: readonly Omit<Candidate, "object">[];
}

/** The JSON form of a failure, for programs. */
interface FailureJson extends FailureKind, FailureEffects {
  readonly message: string;
}

/**
 * Converts a failure into JSON for programs. `code` and `id` come from the operation's own failed call, which is the first among the
 * causes. `outcome` is that of the whole operation.
 */
export function toFailureJson(error: unknown): FailureJson {
  const errors = [error, ...listErrorCauses(error)];
  return {
    message: describeError(error),
    ...describeKind(error, errors),
    ...describeEffects(error, errors),
  };
}

function describeKind(error: unknown, errors: readonly unknown[]): FailureKind {
  if (error instanceof FileError) {
    const { reason, problems } = error;
    return { code: "file", ...(reason !== undefined && { reason }), problems };
  }
  if (error instanceof LockedError) {
    return { code: "locked", ...(error.holder && { holder: error.holder }) };
  }
  const call = errors.find((each) => isZitadelError(each));
  const rejection = findRejection(error);
  if (rejection !== undefined) {
    return describeRejection(rejection, call);
  }
  const reason = readReason(error) ?? call?.reason;
  return {
    ...(call === undefined ? { code: findCodeWithoutCall(error) } : describeCall(call)),
    ...(reason !== undefined && { reason }),
  };
}

/** Returns the error of an operation that rejected its arguments or the current state of the provider. */
function findRejection(error: unknown): ProviderError | undefined {
  const found = [error, ...(error instanceof UnfinishedError ? listErrorCauses(error) : [])].find(
    (each) => each instanceof ProviderError,
  );
  return found?.reason === "partly_done" ? undefined : found;
}

function describeRejection(
  { reason, problems }: ProviderError,
  call: ZitadelError | undefined,
): FailureKind {
  return {
    code: reason === "unreadable" && call ? readCallCode(call) : "refused",
    reason,
    problems: problems.map((each) => ({ ...each, message: writeMessage(textsOf(each).message) })),
  };
}

function describeCall(call: ZitadelError): FailureKind {
  const { id } = call;
  const { hint } = textsOf(call);
  return {
    code: readCallCode(call),
    ...(id !== undefined && { id }),
    ...(hint !== undefined && { hint: writeMessage(hint) }),
  };
}

function readCallCode(call: ZitadelError): string {
  return String(call.toJSON()["code"]);
}

function findCodeWithoutCall(error: unknown): string {
  return error instanceof UsageError
    ? "usage"
    : error instanceof UnknownProviderError
      ? "not_found"
      : "failed";
}

function readReason(error: unknown): ProviderErrorReason | undefined {
  return isOperationError(error) ? error.reason : undefined;
}

function describeEffects(error: unknown, errors: readonly unknown[]): FailureEffects {
  const outcome = errors.map(readOutcome).find((each) => each !== undefined);
  const causes = describeCauses(error);
  const explanation = findExplanation(error);
  const providerId = isOperationError(error) ? error.providerId : undefined;
  const unresolved = errors.find((each) => each instanceof UnresolvedCreateError);
  return {
    ...(outcome !== undefined && { outcome }),
    ...(causes.length > 0 && { causes }),
    ...(explanation.length > 0 && { explanation }),
    ...(error instanceof UnfinishedError && { next: error.next }),
    ...(providerId !== undefined && { providerId }),
    ...(unresolved && { candidates: unresolved.candidates.map(omitObject) }),
  };
}

/** Returns true for the errors of operations on providers, which have a reason and perhaps the id of a provider. */
function isOperationError(error: unknown): error is UnfinishedError | ProviderError {
  return error instanceof UnfinishedError || error instanceof ProviderError;
}

function omitObject({ id, createdAt, reason }: Candidate): Omit<Candidate, "object"> {
  return { id, createdAt, reason };
}
