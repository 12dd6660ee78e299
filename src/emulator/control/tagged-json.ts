import { fromBase64 } from "../../utils/from-base64.js";
import { isPlainObject } from "../../utils/is-plain-object.js";
import { toBase64 } from "../../redact/base64.js";

/**
 * Converts a value to JSON. Maps, sets, bytes and bigints become objects with one member, such as `{ "$bigint": "1" }`. Functions and
 * undefined are left out.
 */
export function toTaggedJson(value: unknown): unknown {
  if (typeof value === "bigint") {
    return { $bigint: String(value) };
  }
  if (value instanceof Uint8Array) {
    return { $bytes: toBase64(value) };
  }
  if (value instanceof Map) {
    return { $map: [...value].map(toTaggedJson) };
  }
  if (value instanceof Set) {
    return { $set: [...value].map(toTaggedJson) };
  }
  if (Array.isArray(value)) {
    return value.map(toTaggedJson);
  }
  if (isPlainObject(value)) {
    const members = Object.entries(value).filter(
      ([, each]) => each !== undefined && typeof each !== "function",
    );
    return Object.fromEntries(members.map(([name, each]) => [name, toTaggedJson(each)]));
  }
  return value;
}

/** Converts the result of `toTaggedJson` back. Passes each text to `replaceText`. Throws a TypeError for damaged numbers and bytes. */
export function fromTaggedJson(json: unknown, replaceText: (text: string) => string): unknown {
  const restore = (value: unknown): unknown => fromTaggedJson(value, replaceText);
  if (typeof json === "string") {
    return replaceText(json);
  }
  if (Array.isArray(json)) {
    return json.map(restore);
  }
  if (!isPlainObject(json)) {
    return json;
  }
  const { $bigint, $bytes, $map, $set } = json;
  if (typeof $bigint === "string") {
    return parseBigInt($bigint);
  }
  if (typeof $bytes === "string") {
    return parseBytes($bytes);
  }
  if (Array.isArray($map)) {
    return new Map($map.map((entry) => restore(entry) as [unknown, unknown]));
  }
  if (Array.isArray($set)) {
    return new Set($set.map(restore));
  }
  return Object.fromEntries(Object.entries(json).map(([name, each]) => [name, restore(each)]));
}

function parseBytes(base64: string): Uint8Array {
  try {
    return fromBase64(base64);
  } catch {
    throw new TypeError("the snapshot has damaged bytes");
  }
}

function parseBigInt(digits: string): bigint {
  try {
    return BigInt(digits);
  } catch {
    throw new TypeError("the snapshot has a damaged number");
  }
}
