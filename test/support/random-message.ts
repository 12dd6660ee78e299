import {
  type DescEnum,
  type DescEnumValue,
  type DescField,
  type DescMessage,
  fromJson,
  type JsonObject,
  type JsonValue,
  type MessageShape,
  ScalarType,
} from "@bufbuild/protobuf";
import { reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";

/** A seeded source of random values: the same seed gives the same values on every machine. */
export interface Random {
  /** Returns an integer from 0 to limit - 1. */
  integer(limit: number): number;
  /** Returns true with this probability. */
  chance(probability: number): boolean;
  /** Returns one of the items. */
  pick<Item>(items: readonly Item[]): Item;
}

/** The options of `randomMessage`. */
export interface RandomMessageOptions {
  /** Selects fields and enum values that are never used. */
  omit?: (desc: DescField | DescEnumValue) => boolean;
  /** The depth down to which message fields are set. Default: 4. */
  maxDepth?: number;
}

/** Creates a source of random values for tests (mulberry32): small and reproducible, not for secrets. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    integer: (limit) => Math.floor(next() * limit),
    chance: (probability) => next() < probability,
    pick: <Item>(items: readonly Item[]) => {
      if (items.length === 0) throw new Error("nothing to pick from");
      return items[Math.floor(next() * items.length)] as Item;
    },
  };
}

/**
 * Creates a message with random content: fields that are set, unset or zero, with edge values of every scalar type.
 *
 * The content survives both encodings, so a difference after a round trip is a bug in the encoding.
 */
export function randomMessage<Desc extends DescMessage>(
  desc: Desc,
  random: Random,
  options: RandomMessageOptions = {},
): MessageShape<Desc> {
  const { omit = () => false, maxDepth = 4 } = options;
  return fill(desc, { random, omit, maxDepth }, 0).message as MessageShape<Desc>;
}

interface Context {
  random: Random;
  omit: (desc: DescField | DescEnumValue) => boolean;
  maxDepth: number;
}

function fill(desc: DescMessage, context: Context, depth: number): ReflectMessage {
  const special = wellKnown[desc.typeName];
  if (special) {
    return reflect(desc, fromJson(desc, special(context.random, context.maxDepth - depth)));
  }
  const message = reflect(desc);
  for (const member of desc.members) {
    if (member.kind === "oneof") {
      const fields = member.fields.filter((field) => isUsable(field, context, depth));
      if (fields.length > 0 && context.random.chance(0.85)) {
        setField(message, context.random.pick(fields), context, depth);
      }
    } else if (
      member.presence === FeatureSet_FieldPresence.LEGACY_REQUIRED ||
      (isUsable(member, context, depth) && context.random.chance(0.8))
    ) {
      setField(message, member, context, depth);
    }
  }
  return message;
}

function isUsable(field: DescField, context: Context, depth: number): boolean {
  return !context.omit(field) && (field.message === undefined || depth < context.maxDepth);
}

function setField(
  message: ReflectMessage,
  field: DescField,
  context: Context,
  depth: number,
): void {
  const { random } = context;
  switch (field.fieldKind) {
    case "list": {
      const list = message.get(field);
      for (let left = random.integer(4); left > 0; left--) {
        list.add(singular(field, context, depth));
      }
      break;
    }
    case "map": {
      const map = message.get(field);
      for (let left = random.integer(4); left > 0; left--) {
        map.set(scalar(field.mapKey, random), singular(field, context, depth));
      }
      break;
    }
    default:
      message.set(field, singular(field, context, depth));
  }
}

function singular(field: DescField, context: Context, depth: number): unknown {
  if (field.message) return fill(field.message, context, depth + 1);
  if (field.enum) return enumNumber(field.enum, context);
  return scalar(field.scalar ?? ScalarType.STRING, context.random);
}

function enumNumber(desc: DescEnum, context: Context): number {
  return context.random.pick(desc.values.filter((value) => !context.omit(value))).number;
}

const texts = [
  "",
  "a",
  " ",
  "two words",
  "Grüße, мир, 世界",
  "👩‍🚀",
  "\u0000",
  "\u2028\uFEFF",
  '"\\/\n\t',
  "https://example.com/?q=1&r=%20#x",
  "x".repeat(300),
];

const scalars: Record<ScalarType, (random: Random) => unknown> = {
  [ScalarType.BOOL]: (random) => random.chance(0.5),
  [ScalarType.STRING]: (random) =>
    random.chance(0.7) ? random.pick(texts) : `text ${random.integer(1e6)}`,
  [ScalarType.BYTES]: (random) =>
    Uint8Array.from({ length: random.pick([0, 1, 2, 3, 64, 300]) }, () => random.integer(256)),
  [ScalarType.INT32]: signed32,
  [ScalarType.SINT32]: signed32,
  [ScalarType.SFIXED32]: signed32,
  [ScalarType.UINT32]: unsigned32,
  [ScalarType.FIXED32]: unsigned32,
  [ScalarType.INT64]: signed64,
  [ScalarType.SINT64]: signed64,
  [ScalarType.SFIXED64]: signed64,
  [ScalarType.UINT64]: unsigned64,
  [ScalarType.FIXED64]: unsigned64,
  [ScalarType.DOUBLE]: (random) =>
    random.pick([0, 0.1, -1.5, Number.MAX_VALUE, Number.MIN_VALUE, Infinity, -Infinity, NaN]),
  [ScalarType.FLOAT]: (random) =>
    random.pick([0, Math.fround(0.1), -1.5, 2 ** 127, 2 ** -149, Infinity, -Infinity, NaN]),
};

function scalar(type: ScalarType, random: Random): unknown {
  return scalars[type](random);
}

function signed32(random: Random): number {
  return random.pick([0, 1, -1, 127, 128, 2 ** 31 - 1, -(2 ** 31), random.integer(2 ** 31)]);
}

function unsigned32(random: Random): number {
  return random.pick([0, 1, 127, 128, 2 ** 31, 2 ** 32 - 1, random.integer(2 ** 32)]);
}

function signed64(random: Random): bigint {
  return random.pick([0n, 1n, -1n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n), big(random)]);
}

function unsigned64(random: Random): bigint {
  return random.pick([0n, 1n, 127n, 128n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n, big(random)]);
}

function big(random: Random): bigint {
  return BigInt(random.integer(2 ** 31)) * BigInt(random.integer(2 ** 31));
}

// The types whose fields depend on each other, or whose JSON differs from their fields. The values are JSON, because its reader checks
// the dependencies.
const wellKnown: Readonly<Record<string, (random: Random, depth: number) => JsonValue>> = {
  "google.protobuf.Timestamp": (random) =>
    random.pick([
      "1970-01-01T00:00:00Z",
      "0001-01-01T00:00:00Z",
      "9999-12-31T23:59:59.999999999Z",
      "1969-12-31T23:59:59.5Z",
      "2026-02-28T12:34:56.789012Z",
    ]),
  "google.protobuf.Duration": (random) =>
    random.pick([
      "0s",
      "0.000000001s",
      "-0.5s",
      "864000s",
      "-3600s",
      "315576000000s",
      "-315576000000.999999999s",
    ]),
  "google.protobuf.FieldMask": (random) => random.pick(["", "name", "name,config.options"]),
  // An Any with a type would need a registry that contains the type.
  "google.protobuf.Any": () => ({}),
  "google.protobuf.Struct": jsonObject,
  "google.protobuf.ListValue": jsonList,
  "google.protobuf.Value": jsonValue,
};

function jsonObject(random: Random, depth: number): JsonObject {
  return Object.fromEntries(
    Array.from({ length: random.integer(4) }, () => [
      random.pick(texts),
      jsonValue(random, depth - 1),
    ]),
  );
}

function jsonList(random: Random, depth: number): JsonValue[] {
  return Array.from({ length: random.integer(4) }, () => jsonValue(random, depth - 1));
}

function jsonValue(random: Random, depth: number): JsonValue {
  const nested = depth > 0 ? [jsonObject, jsonList] : [];
  const make = random.pick<(random: Random, depth: number) => JsonValue>([
    () => null,
    () => random.chance(0.5),
    () => random.pick([0, -1.5, 1e300, 2 ** 53]),
    () => random.pick(texts),
    ...nested,
  ]);
  return make(random, depth);
}
