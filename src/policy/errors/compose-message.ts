import type { Outcome } from "../../call/outcome.js";
import type { Message } from "../../utils/message.js";
import { type OptionText, optionText } from "../../utils/option-text.js";

/** The facts in the message of a `ZitadelError`. */
interface MessageFacts {
  /** The text of the server, or of this client if the server sent none. */
  readonly message: Message;
  readonly hint: Message | undefined;
  readonly outcome: Outcome;
  readonly attempts: number;
}

/** Composes the message of a `ZitadelError`: the server's text, followed by the facts that only this client knows. */
export function composeMessage({ message, hint, outcome, attempts }: MessageFacts): OptionText {
  const outcomeText =
    outcome === "unknown" ? " — it is unknown whether the call was carried out" : "";
  const hintText = hint ? optionText` — ${hint}` : "";
  const attemptsText = attempts > 1 ? ` (${attempts} attempts)` : "";
  return optionText`${message}${outcomeText}${hintText}${attemptsText}`;
}
