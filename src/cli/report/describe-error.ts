import { ConnectError } from "@connectrpc/connect";
import { AttemptError } from "../../call/attempt-error.js";
import { withCode } from "../../call/with-code.js";
import { ProviderError, type ProviderProblem } from "../../providers/index.js";
import { toProblemMessage } from "../../providers/provider-error.js";
import { isError } from "../../utils/is-error.js";
import { type Message, messageOf, textsOf } from "../../utils/message.js";
import { writeMessage } from "../errors/write-message.js";
import { listErrorCauses } from "../errors/list-error-causes.js";

/** Returns the message of an error in the terms of the command line. */
export function describeError(error: unknown): string {
  if (error instanceof ProviderError && error.problems.every(isAboutRotate)) {
    return error.problems.map(writeProblem).join("; ");
  }
  return writeMessage(
    error instanceof ConnectError ? composeConnectMessage(error) : messageOf(error),
  );
}

/** Composes the message of a failed call or attempt, with parts if it names options. */
function composeConnectMessage(error: ConnectError): Message {
  const rawMessage = AttemptError.rawMessageOf(error);
  return typeof rawMessage === "string" ? messageOf(error) : withCode(error, rawMessage);
}

/** Returns a problem in one line, in the terms of the command line. */
export function writeProblem(problem: ProviderProblem): string {
  return isAboutRotate(problem)
    ? `--rotate: ${writeMessage(textsOf(problem).message)}`
    : writeMessage(toProblemMessage(problem));
}

/** Returns true for a problem of the option `rotate`, which is a flag of the command line. */
function isAboutRotate({ path }: ProviderProblem): boolean {
  return path[0] === "rotate";
}

/**
 * Returns the messages of the causes of an error, without those that the message of an error before them quotes. Returns none for an
 * error without an outcome, whose causes may contain secrets.
 */
export function describeCauses(error: unknown): string[] {
  if (readOutcome(error) === undefined || !isError(error)) {
    return [];
  }
  const causes = listErrorCauses(error);
  const quoted = [error, ...causes].flatMap((each) => textsOf(each).quotes ?? []);
  const texts = causes.filter((each) => !quoted.includes(each)).map(describeError);
  return [...new Set(texts)].filter((text) => text !== "");
}

/** Returns the outcome of a failed operation. Undefined for errors without one. */
export function readOutcome(error: unknown): string | undefined {
  return isError(error) && "outcome" in error && typeof error.outcome === "string"
    ? error.outcome
    : undefined;
}
