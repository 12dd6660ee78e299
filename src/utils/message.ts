import { isError } from "./is-error.js";
import type { OptionText } from "./option-text.js";

/** The text of an error. It has parts if it names options of the library. */
export type Message = string | OptionText;

/** The texts of an error, or of another object with a message, in parts. */
interface Texts {
  readonly message: Message;
  readonly hint?: Message | undefined;
  /** The subject of an error that has several problems. */
  readonly about?: Message | undefined;
  /** The causes whose messages the message repeats. */
  readonly quotes?: readonly unknown[] | undefined;
}

/**
 * The property of an object that has its texts in parts. It is not enumerable, so that printing an error omits it. It is the same for
 * errors of all classes and for problems, which are plain objects, so it is not a field of a class.
 */
const textsKey: unique symbol = Symbol("zitadel-idp.texts");

/** Records the texts of `subject` in parts. Returns `subject`. */
export function setTexts<T extends object>(subject: T, texts: Texts): T {
  return Object.defineProperty(subject, textsKey, {
    value: texts,
    configurable: true,
    writable: true,
  });
}

/** Returns the texts of `subject`, in parts as far as they name options. */
export function textsOf(subject: {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly [textsKey]?: Texts;
}): Texts {
  return subject[textsKey] ?? subject;
}

/** Returns the message of anything that was thrown, in parts if it names options. */
export function messageOf(thrown: unknown): Message {
  return isError(thrown) ? textsOf(thrown).message : String(thrown);
}
