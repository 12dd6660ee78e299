import { type Code, ConnectError } from "@connectrpc/connect";
import type { AttemptFacts } from "./attempt-facts.js";

/** The error of a failed attempt: a ConnectError with facts. The facts are private, so that printing the error omits them. */
export class AttemptError extends ConnectError {
  readonly #facts: AttemptFacts;

  constructor(
    message: string,
    code: Code,
    facts: AttemptFacts,
    { cause, metadata }: { cause?: unknown; metadata?: HeadersInit | undefined } = {},
  ) {
    super(message, code, metadata, undefined, cause);
    this.#facts = facts;
  }

  /** Returns a copy of `error` with additional facts. */
  static with(error: ConnectError, facts: AttemptFacts): AttemptError {
    const { rawMessage, code, metadata, cause, details, stack } = error;
    const allFacts = { ...AttemptError.factsOf(error), ...facts };
    const copy = new AttemptError(rawMessage, code, allFacts, { metadata, cause });
    copy.details = details;
    if (stack !== undefined) {
      copy.stack = stack;
    }
    return copy;
  }

  /** Returns the facts about an error. An error of another class has none. */
  static factsOf(error: unknown): AttemptFacts {
    // `instanceof` accepts every ConnectError, because ConnectError compares shapes.
    return typeof error === "object" && error !== null && #facts in error ? error.#facts : {};
  }
}
