import { type Message, setTexts } from "./message.js";
import { optionText } from "./option-text.js";

/** The kind of a setting that has a name. */
export type SettingKind = "option" | "environment variable";

/** The TypeError of an invalid option, or of an environment variable in its place. */
export class OptionError extends TypeError {
  readonly #problem: Message;
  readonly #option: string;
  readonly #kind: SettingKind;

  /** `option` is the name of the option, with its path, e.g. `tls.ca`. The problem never repeats the value of the option. */
  constructor(option: string, problem: Message, kind: SettingKind = "option") {
    super(`${kind} ${option}: ${String(problem)}`);
    this.#option = option;
    this.#problem = problem;
    this.#kind = kind;
    setTexts(this, { message: optionText`${kind} ${option}: ${problem}` });
  }

  /** The name of the option, with its path. */
  get option(): string {
    return this.#option;
  }

  /** The kind of the setting that is invalid. */
  get kind(): SettingKind {
    return this.#kind;
  }

  /** The problem and the fix, without the name of the option. */
  get problem(): Message {
    return this.#problem;
  }
}
