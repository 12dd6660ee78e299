import { type Code, ConnectError } from "@connectrpc/connect";
import type { Message } from "../utils/message.js";
import type { AttemptFacts } from "./attempt-facts.js";

/** The facts about errors that transports of others threw, which must stay the objects that they are. */
const factsOfOthers = new WeakMap<ConnectError, AttemptFacts>();

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

  /** Records facts about an error of another class, unless there are some already. */
  static record(error: ConnectError, facts: AttemptFacts): void {
    // `instanceof` accepts every ConnectError, because ConnectError compares shapes.
    if (!(#facts in error || factsOfOthers.has(error))) {
      factsOfOthers.set(error, facts);
    }
  }

  /** Returns the facts about an error. An error that an interceptor threw has none. */
  static factsOf(error: unknown): AttemptFacts {
    if (typeof error !== "object" || error === null) {
      return {};
    }
    return #facts in error ? error.#facts : (factsOfOthers.get(error as ConnectError) ?? {});
  }

  /** Returns the message of an error without the name of its code. It has parts if it names options. */
  static rawMessageOf(error: ConnectError): Message {
    const hasParts = #facts in error && typeof error.#rawMessage !== "string";
    return hasParts ? error.#rawMessage : error.rawMessage;
  }
}
