import type { Message } from "../utils/message.js";
import type { Code, ConnectError } from "@connectrpc/connect";
import { AttemptError } from "../call/attempt-error.js";
import type { AttemptFacts } from "../call/attempt-facts.js";

/** The optional parts of `createTokenError`. */
interface TokenErrorParts {
  /** The cause, without secrets. */
  readonly cause?: unknown;
  /** The value of the header `Retry-After`. */
  readonly retryAfter?: string | null;
  /** Further facts about the request for the token. */
  readonly facts?: AttemptFacts;
}

/**
 * Creates the error of a call that got no token. The call itself was not sent: the error records this for retries, and as
 * `outcome` for direct users of a token source.
 */
export function createTokenError(
  text: Message,
  code: Code,
  { cause, retryAfter, facts }: TokenErrorParts = {},
): ConnectError & { readonly outcome: "not_done" } {
  const metadata = retryAfter ? { "retry-after": retryAfter } : undefined;
  const allFacts = { ...facts, notDone: "unsent" } as const;
  const error = new AttemptError(text, code, allFacts, { metadata, cause });
  return Object.assign(error, { outcome: "not_done" as const });
}
