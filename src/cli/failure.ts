import { inspect } from "node:util";
import { isOutcomeUnknown, isZitadelError } from "../index.js";
import {
  type Candidate,
  ProviderError,
  type ProviderErrorReason,
  type ProviderProblem,
  UnresolvedCreateError,
} from "../providers/index.js";
import { problemText } from "../providers/provider-error.js";
import { causesOf } from "./causes.js";
import { inCliWords } from "./cli-words.js";
import { FileError } from "./file-error.js";
import { printableLines } from "../printable.js";
import { type LockHolder, LockedError } from "./state-lock.js";

/** A command line that cannot be carried out. */
export class UsageError extends Error {}

/** A provider that was named and does not exist. */
export class NotFoundError extends Error {}

/** A failure after which something is or may be written, with the command that goes on from there. */
export class UnfinishedError extends Error {
  readonly outcome = "unknown";
  /** The next command, as one types it. */
  readonly next: string;
  /** The provider that was written, if that is known. */
  readonly providerId: string | undefined;
  readonly reason: ProviderErrorReason | undefined;

  constructor(cause: Error, next: string, message: string = cause.message) {
    // A partial success is told by the message: what made it partial is the cause of that error.
    const isPartly = cause instanceof ProviderError && cause.reason === "partly_done";
    super(message, { cause: isPartly ? cause.cause : cause });
    this.next = next;
    const { providerId, reason } = cause instanceof ProviderError ? cause : {};
    this.providerId = providerId;
    this.reason = reason;
  }
}

/** Adds the next command to an error after which something is or may be written. Returns any other error as it is. */
export function withNext(error: unknown, next: string, message?: string): unknown {
  return isOutcomeUnknown(error) ? new UnfinishedError(error, next, message) : error;
}

/** Formats a failure for people: what failed, the causes that say more, and the next command. */
export function failureText(error: unknown, isDebug: boolean): string {
  const lines =
    error instanceof FileError
      ? error.lines
      : error instanceof ProviderError && error.problems.length > 1
        ? [
            `${error.message.slice(0, error.message.indexOf(": "))}:`,
            ...error.problems.map((problem) => `  ${inCliWords(problemText(problem))}`),
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

/** A failure as programs get it. */
export interface FailureJson {
  readonly message: string;
  /** Of a failed call its code; otherwise `usage`, `file`, `refused`, `not_found`, `locked` or `failed`. */
  readonly code: string;
  readonly id?: string;
  readonly reason?: string;
  /** The answer to "did it happen?" for the command as a whole: `not_done` is certain, `unknown` is all the rest. */
  readonly outcome?: string;
  readonly hint?: string;
  /** The process that holds the lock of the state. */
  readonly holder?: LockHolder;
  readonly problems?: readonly (ProviderProblem | FileError["problems"][number])[];
  /** The causes, from the nearest on, as far as they say more than the message. */
  readonly causes?: readonly string[];
  /** The provider that was written before a later step failed. */
  readonly providerId?: string;
  /** Providers that an Add may have made, whose answer was lost. */
  readonly candidates?: readonly Omit<Candidate, "object">[];
  /** The command that goes on from there. */
  readonly next?: string;
}

/**
 * Formats a failure for programs. Code and id are those of the operation's own call, which comes first among the causes; the outcome is
 * that of the operation.
 */
export function failureJson(error: unknown): FailureJson {
  const chain = [error, ...causesOf(error)];
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
  const refusal = [error, ...(error instanceof UnfinishedError ? causesOf(error) : [])].find(
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
      message: inCliWords(each.message),
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
      ...(hint !== undefined && { hint: inCliWords(hint) }),
      ...shared,
      ...more,
    };
  }
  if (error instanceof LockedError) {
    return { message, code: "locked", ...(error.holder && { holder: error.holder }) };
  }
  const code =
    error instanceof UsageError ? "usage" : error instanceof NotFoundError ? "not_found" : "failed";
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

/** Only errors of operations have causes that may be shown: their texts hold no secret. */
function causeTexts(error: unknown): string[] {
  if (outcomeOf(error) === undefined) {
    return [];
  }
  const shown = [messageOf(error)];
  for (const text of causesOf(error).map(messageOf)) {
    if (text !== "" && !shown.some((each) => each.includes(text))) {
      shown.push(text);
    }
  }
  return shown.slice(1);
}

function messageOf(error: unknown): string {
  return inCliWords(error instanceof Error ? error.message : String(error));
}
