import type { Message } from "./message.js";

/** The TypeError of an invalid option, such as `tls.ca`. */
export class OptionError extends TypeError {
  readonly #setting: { readonly option: string; readonly problem: Message };

  constructor(option: string, problem: Message) {
    super(`option ${option}: ${String(problem)}`);
    this.#setting = { option, problem };
  }

  /** The name of the option with its path, and the problem with its fix. The problem never repeats the value of the option. */
  get setting(): { readonly option: string; readonly problem: Message } {
    return this.#setting;
  }
}

/** Throws an `OptionError`. */
export function throwInvalidOption(option: string, problem: Message): never {
  throw new OptionError(option, problem);
}
