import { redactHeader } from "./redact-header.js";
import { redactText } from "./redact-text.js";
import { redacted } from "./redacted.js";
import { getSecretIndex } from "./secret-index.js";
import { maxTextLength } from "./truncation.js";

/** The maximum length of all texts of an error together, in characters. */
const maxTotalLength = 16 * maxTextLength;

/** The maximum length of each text after `maxTotalLength` characters, in characters. */
const maxFurtherLength = 64;

/** A redactor of the texts, symbols, numbers and headers of one error, with a limit for all its texts together. */
export class LeafRedactor {
  #secrets: readonly string[];
  #redactedTexts = new Map<string, string>();
  #charactersLeft = maxTotalLength;

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  /** Removes secrets from a value that is not an object. Returns the same value if it has none. */
  redact(value: unknown): unknown {
    if (typeof value === "string") {
      return this.#redactOnce(value, "", () => redactText(value, this.#secrets));
    }
    if (typeof value === "symbol") {
      return this.changes(value.description ?? "") ? Symbol(redacted) : value;
    }
    const isNumber = typeof value === "number" || typeof value === "bigint";
    return isNumber && getSecretIndex(this.#secrets).has(String(value)) ? redacted : value;
  }

  /** Removes secrets from the value of a header. */
  redactHeader(name: string, value: string): string {
    return this.#redactOnce(value, name, () => redactHeader(name, value, this.#secrets));
  }

  /** Returns true if `redact` would replace the value. */
  changes(value: unknown): boolean {
    return this.redact(value) !== value;
  }

  /** Redacts each distinct text once, but counts it at every use: a long text that many objects share makes a long error. */
  #redactOnce(text: string, header: string, redact: () => string): string {
    if (text.length > maxFurtherLength) {
      if (this.#charactersLeft <= 0) {
        return `[cut: ${text.length} characters]`;
      }
      this.#charactersLeft -= Math.min(text.length, maxTextLength);
    }
    const key = `${header}\n${text}`;
    const result = this.#redactedTexts.get(key) ?? redact();
    this.#redactedTexts.set(key, result);
    return result;
  }
}
