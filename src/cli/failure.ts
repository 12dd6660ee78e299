import { inspect } from "node:util";
import { isZitadelError } from "../index.js";
import { ProviderError, type ProviderProblem } from "../providers/index.js";
import { problemText } from "../providers/provider-error.js";
import { inCliWords } from "./cli-words.js";
import { FileError } from "./file-error.js";
import { printableLines } from "../printable.js";

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
            ...error.problems.map((problem) => `  ${inCliWords(problemText(problem))}`),
          ]
        : [messageOf(error)];
  const isList = error instanceof FileError;
  const text = lines
    .map((line, index) => (isList || index === 0 ? `error: ${line}` : line))
    .join("\n");
  return `${printableLines(isDebug ? `${text}\n${inspect(error)}` : text)}\n`;
}

/** What is wrong, as programs get it. */
export interface FailureJson {
  readonly message: string;
  /** Of a failed call its code; otherwise `usage`, `file`, `refused`, `not_found` or `failed`. */
  readonly code: string;
  readonly id?: string;
  readonly reason?: string;
  readonly outcome?: string;
  readonly hint?: string;
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
      ...(hint !== undefined && { hint: inCliWords(hint) }),
    };
  }
  if (error instanceof FileError) {
    const { reason, problems } = error;
    return { message, code: "file", ...(reason !== undefined && { reason }), problems };
  }
  if (error instanceof ProviderError) {
    const problems = error.problems.map((each) => ({ ...each, message: inCliWords(each.message) }));
    const isUnreadable = error.reason === "unreadable" && call !== undefined;
    const code = isUnreadable ? String(call.toJSON()["code"]) : "refused";
    return { message, code, reason: error.reason, problems };
  }
  const code =
    error instanceof UsageError ? "usage" : error instanceof NotFoundError ? "not_found" : "failed";
  return { message, code };
}

function messageOf(error: unknown): string {
  return inCliWords(error instanceof Error ? error.message : String(error));
}
