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
} from "./objects.js";
import { scrubBytes, scrubHeader, secretHeaders } from "./scrub-headers.js";
import { redacted, scrubText } from "./scrub-text.js";

/** What is nested deeper is not shown, and a chain of causes ends here. */
const maxDepth = 32;

/** These say what kind of error it is. A secret that is the same number does not change that. */
const kept = new Set<PropertyKey>(["code", "errno", "status", "statusCode"]);

/** The properties that make an error one: even a secret of the same text does not rename them. */
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
 * `error`, without the texts of `secrets` wherever it could be shown: in message, stack and properties, in its causes and
 * the errors of an AggregateError, in headers, and in the details of a ConnectError. The values of headers such as
 * `authorization` and `cookie` go in any case, and so does what looks like a token.
 *
 * An Error is changed in place, so that it stays what it is for `instanceof`, for a WeakMap and for those who have it
 * already; of one that is frozen there comes a copy of the same class. Other objects may belong to the caller (a request,
 * a buffer), and are copied where something has to be replaced. Getters of a copy are left out, and a Request or Response
 * becomes a plain object that names the same address. Never throws.
 */
export function scrubError(error: unknown, secrets: readonly string[]): unknown {
  try {
    return createScrubber(secrets).clean(error, 0);
  } catch {
    // E.g. a Proxy that refuses to be looked at.
    return new Error("an error that cannot be looked at");
  }
}

function createScrubber(secrets: readonly string[]) {
  const cleaned = new Map<object, unknown>();
  const inHeaders = (name: PropertyKey, value: unknown): boolean =>
    typeof name === "string" && typeof value === "string" && secretHeaders.has(name.toLowerCase());

  /** Whether something in `value` has to be replaced. */
  function holds(value: unknown, depth: number, seen: Set<unknown>): boolean {
    if (!isObject(value)) {
      return leaf(value) !== value;
    }
    if (seen.has(value) || isDescriptor(value)) {
      return false;
    }
    seen.add(value);
    if (depth > maxDepth || isMessageOfFetch(value)) {
      return true;
    }
    if (isHeaders(value)) {
      return [...value].some(([name, text]) => scrubHeader(name, text, secrets) !== text);
    }
    const bytes = bytesOf(value);
    if (bytes !== undefined) {
      return scrubBytes(bytes, secrets) !== bytes;
    }
    const text = hiddenText(value);
    if (text !== undefined && leaf(text) !== text) {
      return true;
    }
    return entriesOf(value).some(
      ([name, item]) =>
        inHeaders(name, item) ||
        (!structure.has(name) && leaf(name) !== name) ||
        holds(item, depth + 1, seen),
    );
  }

  function leaf(value: unknown): unknown {
    if (typeof value === "string") {
      return scrubText(value, secrets);
    }
    if (typeof value === "symbol") {
      const text = value.description ?? "";
      return scrubText(text, secrets) === text ? value : Symbol(redacted);
    }
    const isNumber = typeof value === "number" || typeof value === "bigint";
    return isNumber && secrets.includes(String(value)) ? redacted : value;
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
    if (value instanceof Error) {
      return cleanError(value, depth);
    }
    return holds(value, depth, new Set()) ? copy(value, depth) : value;
  }

  function cleanError(error: Error, depth: number): Error {
    const target = isRigid(error)
      ? (Object.create(Object.getPrototypeOf(error) as object) as Error)
      : error;
    cleaned.set(error, target);
    // Some of them are getters, on the error or (DOMException) on its prototype.
    const names = new Set(["message", "stack", "name", ...Reflect.ownKeys(error)]);
    for (const name of names) {
      const before = read(error, name);
      const after =
        kept.has(name) && typeof before === "number" ? before : clean(before, depth + 1);
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
      for (const [name, text] of value) {
        headers.append(name, scrubHeader(name, text, secrets));
      }
      return headers;
    }
    const bytes = bytesOf(value);
    if (bytes !== undefined) {
      const scrubbed = scrubBytes(bytes, secrets);
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
    if (value instanceof Map || value instanceof Set) {
      const entries = entriesOf(value).map(([name, item]) => [
        clean(name, depth + 1),
        inHeaders(name, item) ? redacted : clean(item, depth + 1),
      ]);
      return value instanceof Map
        ? new Map(entries as [unknown, unknown][])
        : new Set(entries.map(([, item]) => item));
    }
    const result = Array.isArray(value)
      ? []
      : (Object.create(Object.getPrototypeOf(value) as object | null) as object);
    cleaned.set(value, result);
    for (const [name, item] of entriesOf(value)) {
      const enumerable = Object.prototype.propertyIsEnumerable.call(value, name);
      const after = inHeaders(name, item) ? redacted : clean(item, depth + 1);
      define(result, structure.has(name) ? name : (leaf(name) as PropertyKey), after, enumerable);
    }
    return result;
  }

  return { clean };
}
