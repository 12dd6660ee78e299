import { type Code, ConnectError } from "@connectrpc/connect";
import type { Message } from "../utils/message.js";
import type { AttemptFacts } from "./attempt-facts.js";

/**
 * The facts about each failed attempt, by its error. They are not properties of the error, so that printing it omits them. An error of
 * another class may have facts too, because a copy of it would lose its class.
 */
const factsByError = new WeakMap<object, AttemptFacts>();

/** The error of a failed attempt: a ConnectError with facts. */
export class AttemptError extends ConnectError {
  readonly #rawMessage: Message;

  constructor(
    rawMessage: Message,
    code: Code,
    facts: AttemptFacts,
    { cause, metadata }: { cause?: unknown; metadata?: HeadersInit | undefined } = {},
  ) {
    super(String(rawMessage), code, metadata, undefined, cause);
    factsByError.set(this, facts);
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

  /** Records facts about an error of another class, unless there are some already. */
  static record(error: ConnectError, facts: AttemptFacts): void {
    if (!factsByError.has(error)) {
      factsByError.set(error, facts);
    }
  }

  /** Returns the facts about an error. An error that an interceptor threw has none. */
  static factsOf(error: unknown): AttemptFacts {
    return factsByError.get(error as object) ?? {};
  }

  /** Returns the message of an error without the name of its code. It has parts if it names options. */
  static rawMessageOf(error: ConnectError): Message {
    // `instanceof` accepts every ConnectError, because ConnectError compares shapes.
    const hasParts = #rawMessage in error && typeof error.#rawMessage !== "string";
    return hasParts ? error.#rawMessage : error.rawMessage;
  }
}
