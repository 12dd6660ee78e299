/** Sets a property, by its descriptor if possible. */
export function define(
  target: object,
  name: PropertyKey,
  value: unknown,
  enumerable: boolean,
): void {
  try {
    Object.defineProperty(target, name, { value, enumerable, configurable: true, writable: true });
  } catch {
    // A property that cannot be redefined may still have a setter.
    Reflect.set(target, name, value);
  }
}

/** Returns the first `limit` entries of an object, from its own properties. Accessors are only called on errors. */
export function entriesOf(value: object, limit: number): [name: PropertyKey, item: unknown][] {
  if (value instanceof Map) {
    return first(value as Map<PropertyKey, unknown>, limit);
  }
  if (value instanceof Set) {
    return first(value as Set<unknown>, limit).map((item) => ["", item]);
  }
  const isError = value instanceof Error;
  const names = Reflect.ownKeys(value).filter(
    (name) => !(Array.isArray(value) && name === "length"),
  );
  return names
    .slice(0, limit)
    .map((name) => [name, isError ? read(value, name) : ownData(value, name)]);
}

function first<T>(items: Iterable<T>, limit: number): T[] {
  const found: T[] = [];
  for (const item of items) {
    if (found.length >= limit) {
      break;
    }
    found.push(item);
  }
  return found;
}

function ownData(value: object, name: PropertyKey): unknown {
  return Object.getOwnPropertyDescriptor(value, name)?.value as unknown;
}

/** Reads a property and calls its accessor. Returns undefined if the accessor throws. */
export function read(value: object, name: PropertyKey): unknown {
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
export function bytesOf(value: object): Uint8Array | undefined {
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

/** Returns the text of an object that has a text, but no property that holds it. */
export function hiddenText(value: object): string | undefined {
  if (/^\[object (?:String|Number|BigInt|Symbol)\]$/.test(Object.prototype.toString.call(value))) {
    return String(value.valueOf());
  }
  if (["URL", "URLSearchParams"].includes(String(tag(value)))) {
    return String(value);
  }
  return tag(value) === "FormData" ? JSON.stringify([...(value as Iterable<unknown>)]) : undefined;
}

/** Returns true for values that may have properties: objects and functions. */
export function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** Returns true for an error that cannot be changed in place. */
export function isRigid(error: Error): boolean {
  return (
    !Object.isExtensible(error) ||
    Object.values(Object.getOwnPropertyDescriptors(error)).some(
      ({ configurable, writable }) => !configurable && !writable,
    )
  );
}

function tag(value: object): unknown {
  return read(value, Symbol.toStringTag);
}

/** Returns true for `Headers` of any realm. */
export function isHeaders(value: object): value is Headers {
  return tag(value) === "Headers" && Symbol.iterator in value;
}

/** Returns true for a `Request` or `Response` of any realm. */
export function isMessageOfFetch(value: object): boolean {
  return tag(value) === "Request" || tag(value) === "Response";
}

/** Returns true for a protobuf descriptor. Descriptors hold no secrets, are large, and refer to each other. */
export function isDescriptor(value: object): boolean {
  return (
    typeof ownData(value, "kind") === "string" &&
    typeof ownData(value, "toString") === "function" &&
    typeof ownData(value, "proto") === "object"
  );
}
