import { type Message, setTexts } from "../../utils/message.js";
import { optionText } from "../../utils/option-text.js";

/** The TypeError of an environment variable for a proxy whose value is invalid. The error never repeats the value. */
export class ProxyVariableError extends TypeError {
  constructor(variable: string, problem: Message) {
    const message = optionText`environment variable ${variable}: ${problem}`;
    super(String(message));
    setTexts(this, { message });
  }
}
