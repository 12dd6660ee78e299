import { inspect } from "node:util";
import { ProviderError } from "../../providers/index.js";
import { printable, printableLines } from "../../utils/printable.js";
import { textsOf } from "../../utils/message.js";
import { findExplanation } from "../errors/explanations.js";
import { FileError } from "../errors/file-error.js";
import { UnfinishedError } from "../errors/unfinished-error.js";
import { writeMessage } from "../errors/write-message.js";
import { describeCauses, describeError, writeProblem } from "./describe-error.js";
import { nameErrorSection } from "./name-error-section.js";

/** Formats a failure for people: the error, its causes, the next command, and the section of the document on it. */
export function formatFailure(error: unknown, isDebug: boolean): string {
  const text = [
    ...formatProblems(error),
    ...describeCauses(error).map((cause) => `  caused by: ${cause}`),
    ...findExplanation(error).map((line) => `  ${printable(line)}`),
    ...(error instanceof UnfinishedError ? [`next: ${error.next}`] : []),
    ...nameErrorSection(error),
  ].join("\n");
  return `${printableLines(isDebug ? `${text}\n${inspect(error)}` : text)}\n`;
}

/** Returns the lines that describe the error itself: one line, or one for each of its problems. */
function formatProblems(error: unknown): string[] {
  if (error instanceof FileError) {
    return error.lines.map((line) => `error: ${line}`);
  }
  if (error instanceof ProviderError && error.problems.length > 1) {
    const problems = error.problems.map((problem) => `  ${writeProblem(problem)}`);
    return [`error: ${writeMessage(textsOf(error).about ?? "")}:`, ...problems];
  }
  return [`error: ${describeError(error)}`];
}
