import { isError } from "../utils/is-error.js";

/** Defines a property, or calls its setter if the property cannot be redefined. */
export function defineProperty(
  target: object,
  name: PropertyKey,
  value: unknown,
  enumerable: boolean,
): void {
  try {
    Object.defineProperty(target, name, { value, enumerable, configurable: true, writable: true });
  } catch {
    Reflect.set(target, name, value);
  }
}

/** Returns the first `limit` entries of a Map or a Set, or the first own properties of another object. Calls accessors only on errors. */
export function listEntries(value: object, limit: number): [name: PropertyKey, item: unknown][] {
  if (value instanceof Map) {
    return takeFirst(value as Map<PropertyKey, unknown>, limit);
  }
  if (value instanceof Set) {
    return takeFirst(value as Set<unknown>, limit).map((item) => ["", item]);
  }
  const mayCallAccessors = isError(value);
  const names = Reflect.ownKeys(value).filter(
    (name) => !(Array.isArray(value) && name === "length"),
  );
  return names
    .slice(0, limit)
    .map((name) => [name, mayCallAccessors ? readProperty(value, name) : readOwnData(value, name)]);
}

function takeFirst<T>(items: Iterable<T>, limit: number): T[] {
  const found: T[] = [];
  for (const item of items) {
    if (found.length >= limit) {
      break;
    }
    found.push(item);
  }
  return found;
}

function readOwnData(value: object, name: PropertyKey): unknown {
  return Object.getOwnPropertyDescriptor(value, name)?.value as unknown;
}

/** Reads a property and calls its accessor. Returns undefined if the accessor throws. */
export function readProperty(value: object, name: PropertyKey): unknown {
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}

/**
 * Returns bytes in any form as a Uint8Array, including the list of numbers that a Buffer becomes in JSON. Returns undefined for
 * anything else.
 */
export function toBytes(value: object): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  if (/^\[object (?:Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value))) {
    return new Uint8Array(value as ArrayBuffer);
  }
  const isList = Array.isArray(value) && value.length > 0 && value.every(isByte);
  return isList ? Uint8Array.from(value as number[]) : undefined;
}

function isByte(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 256;
}

/** Returns the text of an object that keeps it outside of its properties: a String object, a URL, FormData. */
export function readInnerText(value: object): string | undefined {
  if (/^\[object (?:String|Number|BigInt|Symbol)\]$/.test(Object.prototype.toString.call(value))) {
    return String(value.valueOf());
  }
  if (["URL", "URLSearchParams"].includes(String(readTag(value)))) {
    return String(value);
  }
  return readTag(value) === "FormData"
    ? JSON.stringify([...(value as Iterable<unknown>)])
    : undefined;
}

/** Returns true for values that may have properties: objects and functions. */
export function hasProperties(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** Returns true for an error that cannot be changed in place. */
export function isImmutableError(error: Error): boolean {
  return (
    !Object.isExtensible(error) ||
    Object.values(Object.getOwnPropertyDescriptors(error)).some(
      ({ configurable, writable }) => !configurable && !writable,
    )
  );
}

function readTag(value: object): unknown {
  return readProperty(value, Symbol.toStringTag);
}

/** Returns true for `Headers` of any realm. */
export function isHeaders(value: object): value is Headers {
  return readTag(value) === "Headers" && Symbol.iterator in value;
}

/** Returns true for a `Request` or `Response` of any realm. */
export function isFetchMessage(value: object): value is Request | Response {
  return readTag(value) === "Request" || readTag(value) === "Response";
}

/** Returns true for a protobuf descriptor. Descriptors hold no secrets, are large, and refer to each other. */
export function isDescriptor(value: object): boolean {
  return (
    typeof readOwnData(value, "kind") === "string" &&
    typeof readOwnData(value, "toString") === "function" &&
    typeof readOwnData(value, "proto") === "object"
  );
}
