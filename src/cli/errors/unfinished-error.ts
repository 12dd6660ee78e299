import { isOutcomeUnknown } from "../../index.js";
import { type Message, setTexts, textsOf } from "../../utils/message.js";
import { ProviderError, type ProviderErrorReason } from "../../providers/index.js";

/** The error of a command that failed after a write, or whose write may have been done. It names the command to run next. */
export class UnfinishedError extends Error {
  readonly outcome = "unknown";
  /** The command to run next, ready for a shell. */
  readonly next: string;
  /** The id of the provider that was written, if known. */
  readonly providerId: string | undefined;
  readonly reason: ProviderErrorReason | undefined;

  constructor(cause: Error, next: string, message?: Message) {
    const texts = textsOf(cause);
    const ownTexts =
      message === undefined
        ? { message: texts.message, quotes: [cause, ...(texts.quotes ?? [])] }
        : { message };
    // The message already reports a partial success, so show the error behind it as the cause.
    const isPartly = cause instanceof ProviderError && cause.reason === "partly_done";
    super(String(ownTexts.message), { cause: isPartly ? cause.cause : cause });
    setTexts(this, ownTexts);
    this.next = next;
    const { providerId, reason } = cause instanceof ProviderError ? cause : {};
    this.providerId = providerId;
    this.reason = reason;
  }
}

/** Adds the next command to an error whose outcome is unknown. Returns any other error unchanged. */
export function addNextCommand(error: unknown, next: string, message?: string): unknown {
  return isOutcomeUnknown(error) ? new UnfinishedError(error, next, message) : error;
}
