import type { Message } from "../utils/message.js";
import { OptionText } from "../utils/option-text.js";
import { redactText } from "./redact-text.js";

/** Removes secrets from a message, as `redactText` does. Its phrases about options hold no secrets, and stay. */
export function redactMessage(message: Message, secrets: readonly string[]): Message {
  return typeof message === "string"
    ? redactText(message, secrets)
    : new OptionText(
        message.parts.map((part) => (typeof part === "string" ? redactText(part, secrets) : part)),
      );
}
