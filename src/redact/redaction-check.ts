import { maxErrorDepth, maxErrorEntries, maxErrorObjects } from "./error-limits.js";
import {
  hasProperties,
  isDescriptor,
  isFetchMessage,
  isHeaders,
  listEntries,
  readInnerText,
  toBytes,
} from "./inspect-object.js";
import { isSecretHeader, isStructuralName } from "./property-names.js";
import { redactBytes } from "./redact-bytes.js";
import type { LeafRedactor } from "./leaf-redactor.js";

/** A search for something that has to be replaced, in an object and in all objects that the object refers to. */
export class RedactionCheck {
  /** The objects that the search has visited. */
  readonly visited: Set<object> = new Set();
  #secrets: readonly string[];
  #leaves: LeafRedactor;
  #unchanged: ReadonlySet<object>;

  /** `unchanged` holds objects in which an earlier search found nothing. */
  constructor(secrets: readonly string[], leaves: LeafRedactor, unchanged: ReadonlySet<object>) {
    this.#secrets = secrets;
    this.#leaves = leaves;
    this.#unchanged = unchanged;
  }

  /** Returns true if something in `value` has to be replaced. */
  needsRedaction(value: unknown, depth: number): boolean {
    if (!hasProperties(value)) {
      return this.#leaves.changes(value);
    }
    if (this.visited.has(value) || this.#unchanged.has(value) || isDescriptor(value)) {
      return false;
    }
    this.visited.add(value);
    if (depth > maxErrorDepth || this.visited.size > maxErrorObjects || isFetchMessage(value)) {
      return true;
    }
    if (isHeaders(value)) {
      return this.#headersNeedRedaction(value);
    }
    const bytes = toBytes(value);
    if (bytes !== undefined) {
      return redactBytes(bytes, this.#secrets) !== bytes;
    }
    const text = readInnerText(value);
    if (text !== undefined && this.#leaves.changes(text)) {
      return true;
    }
    const entries = listEntries(value, maxErrorEntries + 1);
    return (
      entries.length > maxErrorEntries ||
      entries.some(([name, item]) => this.#entryNeedsRedaction(name, item, depth))
    );
  }

  #headersNeedRedaction(headers: Headers): boolean {
    const entries = [...headers];
    return (
      entries.length > maxErrorEntries ||
      entries.some(
        ([name, text]) =>
          this.#leaves.redactHeader(name, text) !== text || this.#leaves.changes(name),
      )
    );
  }

  #entryNeedsRedaction(name: PropertyKey, item: unknown, depth: number): boolean {
    return (
      isSecretHeader(name, item) ||
      (!isStructuralName(name) && this.#leaves.changes(name)) ||
      this.needsRedaction(item, depth + 1)
    );
  }
}
