// The client removes secrets from an error in these steps:
//
// 1. `collectSecrets` finds the values of secret fields in the request. `listTextVariants` and `listBytesVariants` list the texts
//    in which each of them may appear: escaped, in base64, in parts.
// 2. `redactError`, in this file, visits the error with its causes, properties, headers and details.
// 3. `redactText` replaces the parts of a text that `findSecrets` finds (the collected texts) and that `findCredentialPatterns`
//    finds (everything that looks like a token). `redactHeader` and `redactBytes` do the same for headers and bytes.
// 4. `truncation.ts` and `error-limits.ts` bound the size of the error, and with it the time of all steps.
import { maxErrorDepth, maxErrorEntries, maxErrorObjects } from "./error-limits.js";
import {
  defineProperty,
  hasProperties,
  isFetchMessage,
  isHeaders,
  isImmutableError,
  listEntries,
  readInnerText,
  readProperty,
  toBytes,
} from "./inspect-object.js";
import { isErrorCode, isSecretHeader, isStructuralName } from "./property-names.js";
import { redactBytes } from "./redact-bytes.js";
import { LeafRedactor } from "./leaf-redactor.js";
import { redacted } from "./redacted.js";
import { RedactionCheck } from "./redaction-check.js";
import { isError } from "../utils/is-error.js";

/** The text that replaces objects beyond `maxErrorObjects`. */
const tooManyObjects = "[cut: too many objects]";

/**
 * Removes the texts of `secrets` from everything in `error` that could be displayed: message, stack and properties, causes, the
 * errors of an AggregateError, headers, and the details of a ConnectError. The values of headers such as `authorization` and
 * `cookie`, and everything that looks like a token, are always removed.
 *
 * Long texts, long lists and large objects are cut, with a note. The time is bounded, whatever a server sent.
 *
 * An Error is changed in place, so that `instanceof`, a WeakMap and existing references keep working; a frozen error is replaced
 * with a copy of the same class. Other objects may belong to the caller (a request, a buffer), so they are copied if something in
 * them has to be replaced. A copy has no getters, and a Request or Response becomes a plain object with the same URL. Never
 * throws.
 */
export function redactError(error: unknown, secrets: readonly string[]): unknown {
  try {
    return new ErrorRedactor(secrets).redact(error, 0);
  } catch {
    // For example, a Proxy whose traps throw.
    return new Error("an error that cannot be read");
  }
}

/** The redaction of one error with everything that it refers to. */
class ErrorRedactor {
  #secrets: readonly string[];
  #leaves: LeafRedactor;
  /** The result for each object that was changed or copied. */
  #results = new Map<object, unknown>();
  /** The objects in which nothing has to be replaced. */
  #unchanged = new Set<object>();
  #objectsLeft = maxErrorObjects;

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
    this.#leaves = new LeafRedactor(secrets);
  }

  redact(value: unknown, depth: number): unknown {
    if (!hasProperties(value)) {
      return this.#leaves.redact(value);
    }
    if (this.#results.has(value)) {
      return this.#results.get(value);
    }
    if (depth > maxErrorDepth) {
      return redacted;
    }
    if (--this.#objectsLeft < 0) {
      return tooManyObjects;
    }
    if (isError(value)) {
      return this.#redactInPlace(value, depth);
    }
    const check = new RedactionCheck(this.#secrets, this.#leaves, this.#unchanged);
    if (check.needsRedaction(value, depth)) {
      return this.#copy(value, depth);
    }
    check.visited.forEach((each) => this.#unchanged.add(each));
    return value;
  }

  #redactInPlace(error: Error, depth: number): Error {
    const target = isImmutableError(error)
      ? (Object.create(Object.getPrototypeOf(error) as object) as Error)
      : error;
    this.#results.set(error, target);
    const message = readProperty(error, "message");
    const own = Reflect.ownKeys(error);
    // `own` may lack the first three: a DOMException has them as getters on its prototype.
    const names = new Set(["message", "stack", "name", ...own.filter(isStructuralName), ...own]);
    for (const [index, name] of [...names].entries()) {
      if (index >= maxErrorEntries) {
        Reflect.deleteProperty(target, name);
      } else {
        this.#redactProperty(error, target, name, message, depth);
      }
    }
    return target;
  }

  /** Redacts a property of `error`, and sets it in `target` if the result differs. `message` is the message before its redaction. */
  #redactProperty(
    error: Error,
    target: Error,
    name: PropertyKey,
    message: unknown,
    depth: number,
  ): void {
    const before = readProperty(error, name);
    const after =
      name === "stack" && typeof before === "string"
        ? this.#redactStack(before, message)
        : this.#redactValue(name, before, depth);
    const newName = this.#redactName(name);
    if (after !== before || newName !== name || target !== error) {
      const { enumerable = false } = Object.getOwnPropertyDescriptor(error, name) ?? {};
      defineProperty(target, newName, after, enumerable);
    }
    if (newName !== name) {
      Reflect.deleteProperty(target, name);
    }
  }

  #redactValue(name: PropertyKey, value: unknown, depth: number): unknown {
    return isErrorCode(name, value) ? value : this.redact(value, depth + 1);
  }

  /** Redacts the message in a stack separately from the rest, so that cutting the message drops no stack frame. */
  #redactStack(stack: string, message: unknown): string {
    const at = typeof message === "string" && message !== "" ? stack.indexOf(message) : -1;
    const parts =
      typeof message !== "string" || at < 0
        ? [stack]
        : [stack.slice(0, at), message, stack.slice(at + message.length)];
    return parts.map((part) => this.#leaves.redact(part)).join("");
  }

  #redactName(name: PropertyKey): PropertyKey {
    return isStructuralName(name) ? name : (this.#leaves.redact(name) as PropertyKey);
  }

  #redactEntry(name: PropertyKey, item: unknown, depth: number): unknown {
    return isSecretHeader(name, item) ? redacted : this.redact(item, depth + 1);
  }

  #copy(value: object, depth: number): unknown {
    if (isFetchMessage(value)) {
      return this.#copyFetchMessage(value, depth);
    }
    if (isHeaders(value)) {
      return this.#copyHeaders(value);
    }
    const bytes = toBytes(value);
    if (bytes !== undefined) {
      const masked = redactBytes(bytes, this.#secrets);
      return Array.isArray(value) ? [...masked] : masked;
    }
    const text = readInnerText(value);
    if (text !== undefined) {
      return this.#leaves.redact(text);
    }
    if (typeof value === "function") {
      // A function cannot be copied.
      return redacted;
    }
    return value instanceof Map || value instanceof Set
      ? this.#copyCollection(value, depth)
      : this.#copyProperties(value, depth);
  }

  #copyFetchMessage(value: Request | Response, depth: number): object {
    return {
      ...("method" in value && { method: value.method }),
      ...("status" in value && { status: value.status }),
      url: this.redact(value.url, depth + 1),
      headers: this.redact(value.headers, depth + 1),
    };
  }

  #copyHeaders(headers: Headers): Headers {
    const copy = new Headers();
    for (const [name, text] of [...headers].slice(0, maxErrorEntries)) {
      // A header whose name contains a secret is dropped.
      if (!this.#leaves.changes(name)) {
        copy.append(name, this.#leaves.redactHeader(name, text));
      }
    }
    return copy;
  }

  #copyCollection(value: Map<unknown, unknown> | Set<unknown>, depth: number): object {
    const items = listEntries(value, maxErrorEntries).map(([name, item]): [unknown, unknown] => [
      this.redact(name, depth + 1),
      this.#redactEntry(name, item, depth),
    ]);
    return value instanceof Map ? new Map(items) : new Set(items.map(([, item]) => item));
  }

  #copyProperties(value: object, depth: number): object {
    const copy = Array.isArray(value)
      ? []
      : (Object.create(Object.getPrototypeOf(value) as object | null) as object);
    this.#results.set(value, copy);
    for (const [name, item] of listEntries(value, maxErrorEntries)) {
      const enumerable = Object.prototype.propertyIsEnumerable.call(value, name);
      const after = this.#redactEntry(name, item, depth);
      defineProperty(copy, this.#redactName(name), after, enumerable);
    }
    return copy;
  }
}
