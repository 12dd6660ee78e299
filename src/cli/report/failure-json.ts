import { inspect } from "node:util";
import { isOutcomeUnknown, isZitadelError } from "../../index.js";
import {
  type Candidate,
  ProviderError,
  type ProviderErrorReason,
  type ProviderProblem,
  UnresolvedCreateError,
} from "../../providers/index.js";
import { problemText } from "../../providers/provider-error.js";
import { listErrorCauses } from "./error-causes.js";
import { toCliTerms } from "../errors/cli-terms.js";
import { FileError } from "../errors/file-error.js";
import { printableLines } from "../../utils/printable.js";
import { type LockHolder, LockedError } from "../lock/state-lock.js";

/** An error in the command line or the settings of the user. */
export class UsageError extends Error {}

/** The error for a provider that the user named and that does not exist. */
export class ProviderNotFoundError extends Error {}

/** The error of a command that wrote something, or may have written it. Names the command to run next. */
export class UnfinishedError extends Error {
  readonly outcome = "unknown";
  /** The command to run next, ready for a shell. */
  readonly next: string;
  /** The id of the provider that was written, if known. */
  readonly providerId: string | undefined;
  readonly reason: ProviderErrorReason | undefined;

  constructor(cause: Error, next: string, message: string = cause.message) {
    // The message already reports a partial success, so show the error behind it as the cause.
    const isPartly = cause instanceof ProviderError && cause.reason === "partly_done";
    super(message, { cause: isPartly ? cause.cause : cause });
    this.next = next;
    const { providerId, reason } = cause instanceof ProviderError ? cause : {};
    this.providerId = providerId;
    this.reason = reason;
  }
}

/** Adds the next command to an error whose outcome is unknown. Returns any other error unchanged. */
export function addNextCommand(error: unknown, next: string, message?: string): unknown {
  return isOutcomeUnknown(error) ? new UnfinishedError(error, next, message) : error;
}

/** Formats a failure for people: the error, the causes that add information, and the next command. */
export function formatFailure(error: unknown, isDebug: boolean): string {
  const lines =
    error instanceof FileError
      ? error.lines
      : error instanceof ProviderError && error.problems.length > 1
        ? [
            `${error.message.slice(0, error.message.indexOf(": "))}:`,
            ...error.problems.map((problem) => `  ${toCliTerms(problemText(problem))}`),
          ]
        : [messageOf(error)];
  const isList = error instanceof FileError;
  const text = [
    ...lines.map((line, index) => (isList || index === 0 ? `error: ${line}` : line)),
    ...causeTexts(error).map((cause) => `  caused by: ${cause}`),
    ...(error instanceof UnfinishedError ? [`next: ${error.next}`] : []),
  ].join("\n");
  return `${printableLines(isDebug ? `${text}\n${inspect(error)}` : text)}\n`;
}

/** The JSON form of a failure, for programs. */
export interface FailureJson {
  readonly message: string;
  /** The code of the failed call; without one, `usage`, `file`, `refused`, `not_found`, `locked` or `failed`. */
  readonly code: string;
  readonly id?: string;
  readonly reason?: string;
  /** The outcome of the whole command. `not_done` means that certainly nothing was written; anything else is `unknown`. */
  readonly outcome?: string;
  readonly hint?: string;
  /** The process that holds the lock of the state file. */
  readonly holder?: LockHolder;
  readonly problems?: readonly (ProviderProblem | FileError["problems"][number])[];
  /** The texts of the causes, the nearest first. Texts that the message already contains are left out. */
  readonly causes?: readonly string[];
  /** The provider that was written before a later step failed. */
  readonly providerId?: string;
  /** The providers that an Add whose response was lost may have created. */
  readonly candidates?: readonly Omit<Candidate, "object">[];
  /** The command to run next. */
  readonly next?: string;
}

/**
 * Formats a failure for programs. `code` and `id` come from the operation's own call, which is the first among the causes;
 * `outcome` is that of the whole operation.
 */
export function toFailureJson(error: unknown): FailureJson {
  const chain = [error, ...listErrorCauses(error)];
  const message = messageOf(error);
  const outcome = chain.map(outcomeOf).find((each) => each !== undefined);
  const causes = causeTexts(error);
  const shared = {
    ...(outcome !== undefined && { outcome }),
    ...(causes.length > 0 && { causes }),
  };
  if (error instanceof FileError) {
    const { reason, problems } = error;
    return { message, code: "file", ...(reason !== undefined && { reason }), ...shared, problems };
  }
  const refusal = [error, ...(error instanceof UnfinishedError ? listErrorCauses(error) : [])].find(
    (each) => each instanceof ProviderError,
  );
  const call = chain.find((each) => isZitadelError(each));
  const unresolved = chain.find((each) => each instanceof UnresolvedCreateError);
  const more = {
    ...(error instanceof UnfinishedError && { next: error.next }),
    ...providerIdOf(error),
    ...(unresolved && { candidates: unresolved.candidates.map(withoutObject) }),
  };
  if (refusal !== undefined && refusal.reason !== "partly_done") {
    const { reason } = refusal;
    const problems = refusal.problems.map((each) => ({
      ...each,
      message: toCliTerms(each.message),
    }));
    const code = reason === "unreadable" && call ? String(call.toJSON()["code"]) : "refused";
    return { message, code, reason, ...shared, problems, ...more };
  }
  if (call !== undefined) {
    const { id, hint } = call;
    const reason = reasonOf(error) ?? call.reason;
    return {
      message,
      code: String(call.toJSON()["code"]),
      ...(id !== undefined && { id }),
      ...(reason !== undefined && { reason }),
      ...(hint !== undefined && { hint: toCliTerms(hint) }),
      ...shared,
      ...more,
    };
  }
  if (error instanceof LockedError) {
    return { message, code: "locked", ...(error.holder && { holder: error.holder }) };
  }
  const code =
    error instanceof UsageError ? "usage" : error instanceof ProviderNotFoundError ? "not_found" : "failed";
  const reason = reasonOf(error);
  return { message, code, ...(reason !== undefined && { reason }), ...shared, ...more };
}

function withoutObject({ id, createdAt, reason }: Candidate): Omit<Candidate, "object"> {
  return { id, createdAt, reason };
}

function reasonOf(error: unknown): ProviderErrorReason | undefined {
  return error instanceof UnfinishedError || error instanceof ProviderError
    ? error.reason
    : undefined;
}

function providerIdOf(error: unknown): { providerId?: string } {
  const isOurs = error instanceof UnfinishedError || error instanceof ProviderError;
  return isOurs && error.providerId !== undefined ? { providerId: error.providerId } : {};
}

function outcomeOf(error: unknown): string | undefined {
  return error instanceof Error && "outcome" in error && typeof error.outcome === "string"
    ? error.outcome
    : undefined;
}

/** Returns the texts of the causes to show. Only errors with an outcome have causes that are known to hold no secret. */
function causeTexts(error: unknown): string[] {
  if (outcomeOf(error) === undefined) {
    return [];
  }
  const shown = [messageOf(error)];
  for (const text of listErrorCauses(error).map(messageOf)) {
    if (text !== "" && !shown.some((each) => each.includes(text))) {
      shown.push(text);
    }
  }
  return shown.slice(1);
}

function messageOf(error: unknown): string {
  return toCliTerms(error instanceof Error ? error.message : String(error));
}
