import { type JsonValue, protoInt64, ScalarType } from "@bufbuild/protobuf";
import { base64Decode, base64Encode, getTextEncoding } from "@bufbuild/protobuf/wire";

/**
 * Returns a function that encodes a scalar. It returns `undefined` for a value of another type and, like protobuf-es, checks no
 * range.
 */
export function createScalarWriter(type: ScalarType): (value: unknown) => JsonValue | undefined {
  switch (type) {
    case ScalarType.STRING:
      return (value) => (typeof value === "string" ? value : undefined);
    case ScalarType.BOOL:
      return (value) => (typeof value === "boolean" ? value : undefined);
    case ScalarType.BYTES:
      return (value) => (value instanceof Uint8Array ? base64Encode(value) : undefined);
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return (value) =>
        typeof value === "bigint" || typeof value === "string" || Number.isInteger(value)
          ? String(value)
          : undefined;
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return (value) => (typeof value === "number" ? encodeFloat(value) : undefined);
    default:
      return (value) => (typeof value === "number" ? value : undefined);
  }
}

/** Encodes a floating-point number. JSON has no numbers for infinities and NaN, so they become texts. */
function encodeFloat(value: number): JsonValue {
  return Number.isFinite(value) ? value : String(value);
}

/** Returns a function that returns true for the zero value of a scalar without presence. Zero values are not encoded. */
export function createZeroCheck(type: ScalarType): (value: unknown) => boolean {
  switch (type) {
    case ScalarType.STRING:
      return (value) => value === "";
    case ScalarType.BOOL:
      return (value) => value === false;
    case ScalarType.BYTES:
      return (value) => value instanceof Uint8Array && value.length === 0;
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      // -0 is not zero here.
      return (value) => Object.is(value, 0);
    default:
      // Covers 0, 0n, and the "0" of a runtime without bigint.
      return (value) => value !== null && Number(value) === 0;
  }
}

/** Decodes a scalar from JSON. Returns `undefined` for a value of another type or out of range. */
export function decodeScalar(type: ScalarType, json: JsonValue): unknown {
  switch (type) {
    case ScalarType.STRING:
      return typeof json === "string" && getTextEncoding().checkUtf8(json) ? json : undefined;
    case ScalarType.BOOL:
      return typeof json === "boolean" ? json : undefined;
    case ScalarType.BYTES:
      return typeof json === "string" ? tryDecode(() => base64Decode(json)) : undefined;
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return isNumeric(json) ? tryDecode(() => protoInt64.parse(json)) : undefined;
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return isNumeric(json) ? tryDecode(() => protoInt64.uParse(json)) : undefined;
    case ScalarType.DOUBLE:
      return parseSpecialFloat(json) ?? requireFinite(parseNumber(json));
    case ScalarType.FLOAT: {
      const number = parseNumber(json);
      // A number that is too large rounds to infinity.
      return parseSpecialFloat(json) ?? (Number.isFinite(Math.fround(number)) ? number : undefined);
    }
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return toIntegerInRange(parseNumber(json), 0, 2 ** 32 - 1);
    default:
      return decodeInt32(json);
  }
}

/** Decodes an int32, or the number of an enum. */
export function decodeInt32(json: JsonValue): number | undefined {
  return toIntegerInRange(parseNumber(json), -(2 ** 31), 2 ** 31 - 1);
}

function toIntegerInRange(number: number, min: number, max: number): number | undefined {
  return Number.isInteger(number) && number >= min && number <= max ? number : undefined;
}

function requireFinite(number: number): number | undefined {
  return Number.isFinite(number) ? number : undefined;
}

function parseSpecialFloat(json: JsonValue): number | undefined {
  return json === "NaN" || json === "Infinity" || json === "-Infinity" ? Number(json) : undefined;
}

/** Returns the number in a JSON number or string, with or without exponent. Returns NaN for anything else. */
function parseNumber(json: JsonValue): number {
  if (typeof json === "number") {
    return json;
  }
  return isNumeric(json) && json.trim() === json ? Number(json) : NaN;
}

function isNumeric(json: JsonValue): json is number | string {
  return typeof json === "number" || (typeof json === "string" && json !== "");
}

function tryDecode<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}
