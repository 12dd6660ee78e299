import type { ConnectError } from "@connectrpc/connect";
import { type OptionText, optionText } from "../utils/option-text.js";

/** Returns the message of `error` in parts: the name of its code, which ConnectError puts in front, and then `rawMessage`. */
export function withCode(error: ConnectError, rawMessage: OptionText): OptionText {
  const { message } = error;
  return optionText`${message.slice(0, message.length - String(rawMessage).length)}${rawMessage}`;
}
