import { inspect } from "node:util";
import { isZitadelError } from "../index.js";
import {
  ProviderError,
  type ProviderErrorReason,
  type ProviderProblem,
} from "../providers/index.js";
import { problemText } from "../providers/provider-error.js";
import { FileError } from "./file-error.js";
import { printableLines } from "../printable.js";
import { type LockHolder, LockedError } from "./state-lock.js";

/** A command line that cannot be carried out. */
export class UsageError extends Error {}

/** What was named is not there. */
export class NotFoundError extends Error {}

/** A failure in lines for people. */
export function failureText(error: unknown, isDebug: boolean): string {
  const lines =
    error instanceof FileError
      ? error.lines
      : error instanceof ProviderError && error.problems.length > 1
        ? [
            `${error.message.slice(0, error.message.indexOf(": "))}:`,
            ...error.problems.map((problem) => `  ${problemText(problem)}`),
          ]
        : [messageOf(error) + hereText(error)];
  const isList = error instanceof FileError;
  const text = lines
    .map((line, index) => (isList || index === 0 ? `error: ${line}` : line))
    .join("\n");
  return `${printableLines(isDebug ? `${text}\n${inspect(error)}` : text)}\n`;
}

/** What is wrong, as programs get it. */
export interface FailureJson {
  readonly message: string;
  /** Of a failed call its code; otherwise `usage`, `file`, `refused`, `not_found`, `locked` or `failed`. */
  readonly code: string;
  readonly id?: string;
  readonly reason?: string;
  readonly outcome?: string;
  readonly hint?: string;
  /** The process that holds the lock of the state. */
  readonly holder?: LockHolder;
  readonly problems?: readonly (ProviderProblem | FileError["problems"][number])[];
}

/** The same for programs. */
export function failureJson(error: unknown): FailureJson {
  const message = messageOf(error);
  const cause = error instanceof Error ? error.cause : undefined;
  const call = isZitadelError(error) ? error : isZitadelError(cause) ? cause : undefined;
  if (call !== undefined && !(error instanceof ProviderError)) {
    const { id, reason, outcome, hint } = call;
    const { code } = call.toJSON();
    return {
      message,
      code: String(code),
      ...(id !== undefined && { id }),
      ...(reason !== undefined && { reason }),
      outcome,
      ...(hint !== undefined && { hint }),
    };
  }
  if (error instanceof FileError) {
    const { reason, problems } = error;
    return { message, code: "file", ...(reason !== undefined && { reason }), problems };
  }
  if (error instanceof ProviderError) {
    return { message, code: "refused", reason: error.reason, problems: error.problems };
  }
  if (error instanceof LockedError) {
    return { message, code: "locked", ...(error.holder && { holder: error.holder }) };
  }
  const code =
    error instanceof UsageError ? "usage" : error instanceof NotFoundError ? "not_found" : "failed";
  return { message, code };
}

/** What the library says to programs is another thing to do on the command line. */
const here: Readonly<Partial<Record<ProviderErrorReason, readonly [about: string, flag: string]>>> =
  {
    policy_inherited: ["createPolicy", "--create-policy"],
    read_only: ["{ owner:", "--instance"],
  };

function hereText(error: unknown): string {
  const [about, flag] = (error instanceof ProviderError && here[error.reason]) || [];
  return about !== undefined && messageOf(error).includes(about) ? ` (here: ${flag})` : "";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
