import { maxTextLength } from "./truncation.js";
import {
  define,
  entriesOf,
  read,
  bytesOf,
  hiddenText,
  isObject,
  isRigid,
  isHeaders,
  isMessageOfFetch,
  isDescriptor,
} from "./inspect-object.js";
import { redacted } from "./redacted.js";
import { redactBytes } from "./redact-bytes.js";
import { redactHeader, secretHeaders } from "./redact-header.js";
import { getSecretIndex } from "./secret-index.js";
import { redactText } from "./redact-text.js";

/** The maximum depth of nested objects and of chains of causes. Deeper objects are dropped. */
const maxDepth = 32;

/** The maximum size of an error: objects, entries of each object, and characters of all texts together. */
const maxObjects = 2000;
const maxEntries = 256;
const maxTotal = 16 * maxTextLength;

/** The maximum length of further texts after `maxTotal` characters, in characters. */
const maxFurther = 64;

/** The text that replaces objects beyond `maxObjects`. */
const tooMany = "[cut: too many objects]";

/** Numeric properties that identify the kind of an error. They stay, even if a secret is the same number. */
const kept = new Set<PropertyKey>(["code", "errno", "status", "statusCode"]);

/** Properties that form the structure of an error. They keep their names, even if a secret is the same text. */
const structure = new Set<PropertyKey>([
  "name",
  "message",
  "stack",
  "cause",
  "errors",
  "code",
  "rawMessage",
  "metadata",
  "details",
  "type",
  "value",
  "debug",
]);

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
    return createScrubber(secrets).clean(error, 0);
  } catch {
    // For example, a Proxy whose traps throw.
    return new Error("an error that cannot be read");
  }
}

function createScrubber(secrets: readonly string[]) {
  const cleaned = new Map<object, unknown>();
  const untouched = new Set<unknown>();
  const texts = new Map<string, string>();
  let charactersLeft = maxTotal;
  let objectsLeft = maxObjects;
  const inHeaders = (name: PropertyKey, value: unknown): boolean =>
    typeof name === "string" && typeof value === "string" && secretHeaders.has(name.toLowerCase());

  /** Returns true if something in `value` has to be replaced. */
  function holds(value: unknown, depth: number, seen: Set<unknown>): boolean {
    if (!isObject(value)) {
      return leaf(value) !== value;
    }
    if (seen.has(value) || untouched.has(value) || isDescriptor(value)) {
      return false;
    }
    seen.add(value);
    if (depth > maxDepth || seen.size > maxObjects || isMessageOfFetch(value)) {
      return true;
    }
    if (isHeaders(value)) {
      const entries = [...value];
      return (
        entries.length > maxEntries ||
        entries.some(([name, text]) => header(name, text) !== text || leaf(name) !== name)
      );
    }
    const bytes = bytesOf(value);
    if (bytes !== undefined) {
      return redactBytes(bytes, secrets) !== bytes;
    }
    const text = hiddenText(value);
    if (text !== undefined && leaf(text) !== text) {
      return true;
    }
    const entries = entriesOf(value, maxEntries + 1);
    return (
      entries.length > maxEntries ||
      entries.some(
        ([name, item]) =>
          inHeaders(name, item) ||
          (!structure.has(name) && leaf(name) !== name) ||
          holds(item, depth + 1, seen),
      )
    );
  }

  function leaf(value: unknown): unknown {
    if (typeof value === "string") {
      return clear(value, "", () => redactText(value, secrets));
    }
    if (typeof value === "symbol") {
      const text = value.description ?? "";
      return leaf(text) === text ? value : Symbol(redacted);
    }
    const isNumber = typeof value === "number" || typeof value === "bigint";
    return isNumber && getSecretIndex(secrets).has(String(value)) ? redacted : value;
  }

  function header(name: string, value: string): string {
    return clear(value, name, () => redactHeader(name, value, secrets));
  }

  /** Scrubs each distinct text once, but counts it at every use: a long text that many objects share makes a long error. */
  function clear(text: string, kind: string, scrub: () => string): string {
    if (text.length > maxFurther) {
      if (charactersLeft <= 0) {
        return `[cut: ${text.length} characters]`;
      }
      charactersLeft -= Math.min(text.length, maxTextLength);
    }
    const key = `${kind}\n${text}`;
    const scrubbed = texts.get(key) ?? scrub();
    texts.set(key, scrubbed);
    return scrubbed;
  }

  function clean(value: unknown, depth: number): unknown {
    if (!isObject(value)) {
      return leaf(value);
    }
    if (cleaned.has(value)) {
      return cleaned.get(value);
    }
    if (depth > maxDepth) {
      return redacted;
    }
    if (--objectsLeft < 0) {
      return tooMany;
    }
    if (value instanceof Error) {
      return cleanError(value, depth);
    }
    const seen = new Set<unknown>();
    if (holds(value, depth, seen)) {
      return copy(value, depth);
    }
    seen.forEach((each) => untouched.add(each));
    return value;
  }

  function cleanError(error: Error, depth: number): Error {
    const target = isRigid(error)
      ? (Object.create(Object.getPrototypeOf(error) as object) as Error)
      : error;
    cleaned.set(error, target);
    const message = read(error, "message");
    const own = Reflect.ownKeys(error);
    // Some of the first three are getters, on the error or (for a DOMException) on its prototype.
    const names = new Set(["message", "stack", "name", ...own.filter(isStructure), ...own]);
    for (const [count, name] of [...names].entries()) {
      if (count >= maxEntries) {
        Reflect.deleteProperty(target, name);
        continue;
      }
      const before = read(error, name);
      const after =
        kept.has(name) && typeof before === "number"
          ? before
          : name === "stack" && typeof before === "string"
            ? cleanStack(before, message)
            : clean(before, depth + 1);
      const shownName = structure.has(name) ? name : (leaf(name) as PropertyKey);
      if (after !== before || shownName !== name || target !== error) {
        const { enumerable = false } = Object.getOwnPropertyDescriptor(error, name) ?? {};
        define(target, shownName, after, enumerable);
      }
      if (shownName !== name) {
        Reflect.deleteProperty(target, name);
      }
    }
    return target;
  }

  /** Scrubs the message in a stack separately from the rest, so that cutting the message drops no stack frame. */
  function cleanStack(stack: string, message: unknown): string {
    const at = typeof message === "string" && message !== "" ? stack.indexOf(message) : -1;
    const parts =
      typeof message !== "string" || at < 0
        ? [stack]
        : [stack.slice(0, at), message, stack.slice(at + message.length)];
    return parts.map((part) => leaf(part)).join("");
  }

  function copy(value: object, depth: number): unknown {
    if (isMessageOfFetch(value)) {
      const { url, method, status, headers } = value as Partial<Request & Response>;
      return {
        ...(method !== undefined && { method }),
        ...(status !== undefined && { status }),
        url: clean(url, depth + 1),
        headers: clean(headers, depth + 1),
      };
    }
    if (isHeaders(value)) {
      const headers = new Headers();
      for (const [name, text] of [...value].slice(0, maxEntries)) {
        // A header whose name contains a secret is dropped.
        if (leaf(name) === name) {
          headers.append(name, header(name, text));
        }
      }
      return headers;
    }
    const bytes = bytesOf(value);
    if (bytes !== undefined) {
      const scrubbed = redactBytes(bytes, secrets);
      return Array.isArray(value) ? [...scrubbed] : scrubbed;
    }
    const text = hiddenText(value);
    if (text !== undefined) {
      return leaf(text);
    }
    if (typeof value === "function") {
      // A function cannot be copied.
      return redacted;
    }
    const entries = entriesOf(value, maxEntries);
    if (value instanceof Map || value instanceof Set) {
      const items = entries.map(([name, item]) => [
        clean(name, depth + 1),
        inHeaders(name, item) ? redacted : clean(item, depth + 1),
      ]);
      return value instanceof Map
        ? new Map(items as [unknown, unknown][])
        : new Set(items.map(([, item]) => item));
    }
    const result = Array.isArray(value)
      ? []
      : (Object.create(Object.getPrototypeOf(value) as object | null) as object);
    cleaned.set(value, result);
    for (const [name, item] of entries) {
      const enumerable = Object.prototype.propertyIsEnumerable.call(value, name);
      const after = inHeaders(name, item) ? redacted : clean(item, depth + 1);
      define(result, structure.has(name) ? name : (leaf(name) as PropertyKey), after, enumerable);
    }
    return result;
  }

  return { clean };
}

function isStructure(name: PropertyKey): boolean {
  return structure.has(name);
}
