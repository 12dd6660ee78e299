import { type DescField, ScalarType } from "@bufbuild/protobuf";
import { fromBase64 } from "../../../utils/from-base64.js";
import { parseInteger } from "./parse-integer.js";
import type { JsonReader, JsonToken } from "./json-reader.js";

/** A number at the beginning of a string, as protobuf-go finds it. An exponent may lack its digits if anything follows it. */
const leadingNumber =
  /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE](?:[+-](?=[^])|(?=[^+-]))\d*)?(?![-+._a-zA-Z\d])/;

/** The white space that Go's strings.TrimSpace removes. */
const goSpaceAtEnd = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Reads a scalar or an enum. Returns `undefined` for the unknown name of an enum value, which the option DiscardUnknown ignores.
 *
 * Throws a ConnectError with `invalid_argument` for a value of another type or out of range.
 */
export function readScalar(reader: JsonReader, field: DescField): unknown {
  const token = reader.read();
  if (field.enum !== undefined && token.kind === "string") {
    return field.enum.values.find(({ name }) => name === token.content)?.number;
  }
  const kind = field.enum === undefined ? field.scalar : ScalarType.INT32;
  return (
    (kind && parsers[kind](token)) ??
    reader.throwAt(
      token.position,
      `invalid value for ${formatKind(field)} field ${field.jsonName}: ${token.raw}`,
    )
  );
}

function formatKind({ scalar }: DescField): string {
  return scalar === undefined ? "enum" : (ScalarType[scalar] ?? "").toLowerCase();
}

type Parse = (token: JsonToken) => unknown;

const int32 = createIntegerParser(-(2n ** 31n), 2n ** 31n - 1n, Number);
const uint32 = createIntegerParser(0n, 2n ** 32n - 1n, Number);
const int64 = createIntegerParser(-(2n ** 63n), 2n ** 63n - 1n, BigInt);
const uint64 = createIntegerParser(0n, 2n ** 64n - 1n, BigInt);

/** The parsers of tokens. They return `undefined` for a value of another type or out of range. */
const parsers: Readonly<Record<ScalarType, Parse>> = {
  [ScalarType.BOOL]: ({ kind, raw }) => (kind === "bool" ? raw === "true" : undefined),
  [ScalarType.STRING]: ({ kind, content }) => (kind === "string" ? content : undefined),
  [ScalarType.BYTES]: ({ kind, content }) =>
    kind === "string" ? decodeGoBase64(content) : undefined,
  [ScalarType.INT32]: int32,
  [ScalarType.SINT32]: int32,
  [ScalarType.SFIXED32]: int32,
  [ScalarType.UINT32]: uint32,
  [ScalarType.FIXED32]: uint32,
  [ScalarType.INT64]: int64,
  [ScalarType.SINT64]: int64,
  [ScalarType.SFIXED64]: int64,
  [ScalarType.UINT64]: uint64,
  [ScalarType.FIXED64]: uint64,
  [ScalarType.FLOAT]: (token) => parseFloatingPoint(token, Math.fround),
  [ScalarType.DOUBLE]: (token) => parseFloatingPoint(token, Number),
};

function createIntegerParser(
  min: bigint,
  max: bigint,
  convert: (value: bigint) => number | bigint,
): Parse {
  return (token) => {
    const value = parseInteger(findNumber(token) ?? "");
    return value !== undefined && value >= min && value <= max ? convert(value) : undefined;
  };
}

function parseFloatingPoint(token: JsonToken, round: (value: number) => number): unknown {
  const { kind, content } = token;
  if (kind === "string" && ["NaN", "Infinity", "-Infinity"].includes(content)) {
    return Number(content);
  }
  const number = findNumber(token);
  const value = number !== undefined && jsonNumber.test(number) ? round(Number(number)) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** Returns the number in a token. Of a string, protobuf-go reads only the first JSON token: "1 2" is 1. */
function findNumber({ kind, content }: JsonToken): string | undefined {
  switch (kind) {
    case "number":
      return content;
    case "string":
      return goSpaceAtEnd.test(content) ? undefined : leadingNumber.exec(content)?.[0];
    default:
      return undefined;
  }
}

/** Decodes base64 as protobuf-go does: of both alphabets, with or without padding, and with line breaks anywhere. */
function decodeGoBase64(text: string): Uint8Array | undefined {
  const isUrlSafe = /[-_]/.test(text);
  const isPadded = text.length % 4 === 0;
  const chars = text.replace(/[\r\n]/g, "");
  const isValid =
    (isUrlSafe ? /^[\w-]*={0,2}$/ : /^[A-Za-z\d+/]*={0,2}$/).test(chars) &&
    (isPadded ? chars.length % 4 === 0 : !chars.endsWith("=") && chars.length % 4 !== 1);
  return isValid ? fromBase64(chars.replaceAll("-", "+").replaceAll("_", "/")) : undefined;
}
