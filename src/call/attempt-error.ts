import { type Code, ConnectError } from "@connectrpc/connect";
import type { Message } from "../utils/message.js";
import type { AttemptFacts } from "./attempt-facts.js";

/** The error of a failed attempt: a ConnectError with facts. The facts are private, so that printing the error omits them. */
export class AttemptError extends ConnectError {
  readonly #facts: AttemptFacts;
  readonly #rawMessage: Message;

  constructor(
    rawMessage: Message,
    code: Code,
    facts: AttemptFacts,
    { cause, metadata }: { cause?: unknown; metadata?: HeadersInit | undefined } = {},
  ) {
    super(String(rawMessage), code, metadata, undefined, cause);
    this.#facts = facts;
    this.#rawMessage = rawMessage;
  }

  /** Returns a copy of `error` with additional facts. */
  static with(error: ConnectError, facts: AttemptFacts): AttemptError {
    const { code, metadata, cause, details, stack } = error;
    const allFacts = { ...AttemptError.factsOf(error), ...facts };
    const rawMessage = AttemptError.rawMessageOf(error);
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

  /** Returns the message of an error without the name of its code. It has parts if it names options. */
  static rawMessageOf(error: ConnectError): Message {
    const hasParts = #facts in error && typeof error.#rawMessage !== "string";
    return hasParts ? error.#rawMessage : error.rawMessage;
  }
}
