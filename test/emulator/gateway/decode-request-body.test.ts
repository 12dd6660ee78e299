import { type DescMessage, fromBinary, type Message } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { decodeRequestBody } from "../../../src/emulator/gateway/decode-request-body.js";
import { findJsonValue } from "../../../src/emulator/gateway/protojson/find-json-value.js";
import { servedMethods } from "../../../src/emulator/methods.js";
import { buildMethod, type Types } from "../../support/descriptors.js";
import { createRandom, type Random } from "../../support/random-message.js";
import bodies from "./protojson-bodies.json" with { type: "json" };

/**
 * A body with the error or the message, in base64, that grpc-gateway v2.29.0 returned for it with protobuf-go v1.36.11, Go 1.26 and
 * DiscardUnknown. A random generator wrote and damaged the bodies; the file has some for each text. Bodies that are not UTF-8 are in
 * base64.
 */
interface Row {
  type?: string;
  body?: string;
  base64?: string;
  error?: string;
  message?: string;
}

const rows: { requests: Row[]; scalars: Row[] } = bodies;

const requests = new Map<string, DescMessage>(
  [...servedMethods.values()].flatMap((byName) =>
    [...byName.values()].map(({ input }): [string, DescMessage] => [input.typeName, input]),
  ),
);
const google = requireRequest("zitadel.management.v1.AddGoogleProviderRequest");

const scalarTypes: Types = Object.fromEntries(
  Object.entries({
    i32: "int32",
    si32: "sint32",
    sf32: "sfixed32",
    u32: "uint32",
    f32: "fixed32",
    i64: "int64",
    si64: "sint64",
    sf64: "sfixed64",
    u64: "uint64",
    f64: "fixed64",
    fl: "float",
    db: "double",
    b: "bool",
    s: "string",
    by: "bytes",
    e: { type: { enum: { Z: 0, ONE: 1, NEG: -1 } } },
    ri32: "repeated int32",
    ru64: "repeated uint64",
    rfl: "repeated float",
    rdb: "repeated double",
    rb: "repeated bool",
    rs: "repeated string",
    rby: "repeated bytes",
    re: { type: { enum: { Z: 0, ONE: 1, NEG: -1 } }, label: "repeated" },
  }),
);
const scalars = buildMethod({ rule: null, types: scalarTypes }).input;

function requireRequest(name: string): DescMessage {
  const desc = requests.get(name);
  if (desc === undefined) {
    throw new Error(`no served RPC has the request ${name}`);
  }
  return desc;
}

/** Decodes a body. Returns the message, or the text of the error. */
function decode(desc: DescMessage, body: string | Uint8Array): Message | string {
  try {
    return decodeRequestBody(desc, "*", "application/json", Buffer.from(body));
  } catch (error) {
    if (error instanceof ConnectError) {
      return error.rawMessage;
    }
    throw error;
  }
}

function checkRow(desc: DescMessage, { body, base64, error, message }: Row): void {
  const bytes = body ?? Buffer.from(base64 ?? "", "base64");
  const expected = error ?? fromBinary(desc, base64Decode(message ?? ""));
  expect
    .soft(decode(desc, bytes), JSON.stringify(body ?? bytes.toString("latin1")))
    .toEqual(expected);
}

describe("a body gets the message or the error of protobuf-go", () => {
  test("for the requests of all served RPCs", () => {
    for (const row of rows.requests) {
      checkRow(requireRequest(row.type ?? ""), row);
    }
    expect(rows.requests.length).toBeGreaterThan(300);
  });

  test("for scalars of every type", () => {
    for (const row of rows.scalars) {
      checkRow(scalars, row);
    }
    expect(rows.scalars.length).toBeGreaterThan(150);
  });
});

test("the requests of all served RPCs have only types that the reader reads", () => {
  const seen = new Set<DescMessage>();
  const visit = (desc: DescMessage): void => {
    if (seen.has(desc)) {
      return;
    }
    seen.add(desc);
    if (desc.typeName.startsWith("google.protobuf.")) {
      expect(["google.protobuf.Duration", "google.protobuf.Timestamp"]).toContain(desc.typeName);
      return;
    }
    for (const field of desc.fields) {
      expect(field.fieldKind, String(field)).not.toBe("map");
      if (field.message !== undefined) {
        visit(field.message);
      }
    }
  };
  for (const desc of requests.values()) {
    visit(desc);
  }
  expect(seen.size).toBeGreaterThan(100);
});

describe("random bodies follow the rules", () => {
  test("encoding/json accepts exactly the texts that JSON.parse accepts", () => {
    const random = createRandom(1);
    let accepted = 0;
    for (let left = 5_000; left > 0; left--) {
      const text = damage(randomBody(random), random);
      const isJson = isAccepted(() => JSON.parse(text) as unknown);
      accepted += Number(isJson);
      expect
        .soft(
          isAccepted(() => findWholeValue(text)),
          JSON.stringify(text),
        )
        .toBe(isJson);
    }
    expect(accepted).toBeGreaterThan(500);
    expect(accepted).toBeLessThan(4_500);
  });

  test("each beginning of an object ends with an unexpected EOF", () => {
    const random = createRandom(2);
    for (let left = 50; left > 0; left--) {
      const bytes = Buffer.from(randomBody(random));
      for (let length = 1; length < bytes.length; length++) {
        const error = decode(google, bytes.subarray(0, length));
        expect.soft(error, bytes.toString("latin1", 0, length)).toBe("unexpected EOF");
      }
    }
  });

  test("an error names the line and the column of the value in code points", () => {
    const random = createRandom(3);
    for (let left = 500; left > 0; left--) {
      const body = randomBody(random, { clientSecret: 31_415 });
      const before = body.slice(0, body.indexOf("31415")).split("\n");
      const column = [...(before.at(-1) ?? "")].length + 1;
      expect
        .soft(decode(google, ` \n${body}`), JSON.stringify(body))
        .toBe(
          `proto: (line ${before.length}:${column}): invalid value for string field clientSecret: 31415`,
        );
    }
  });
});

const texts = ["", "a", "Grüße", "世界", "🦊", "\n\t\u0001", '"\\', "[{}]", "\u2028"];

/** Writes a valid body with random white space, unknown members and texts beyond ASCII. */
function randomBody(random: Random, last: Record<string, unknown> = {}): string {
  const members: Record<string, unknown> = {
    name: random.pick(texts),
    nope: { é: [1, -2.5e3, null, true, random.pick(texts), {}], a: [] },
    scopes: [random.pick(texts), random.pick(texts)],
    ...last,
  };
  return JSON.stringify(members, undefined, random.pick(["", "  ", "\t"]))
    .replaceAll(",", () => random.pick([",", " ,", ",\n", ",\r\n "]))
    .replaceAll("🦊", () => random.pick(["🦊", "\\ud83e\\udd8a"]));
}

/** Removes, repeats or inserts a few characters in about every second text. */
function damage(text: string, random: Random): string {
  let damaged = text;
  for (let left = random.integer(3); left > 0; left--) {
    const at = random.integer(damaged.length);
    const piece = random.pick([
      "",
      '"',
      "\\",
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      "1",
      "-",
      "e",
      "null",
      " ",
    ]);
    damaged = damaged.slice(0, at) + piece + damaged.slice(at + random.integer(2));
  }
  return damaged;
}

function isAccepted(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}

/** Finds the first value of a text, and throws an error if anything follows it. */
function findWholeValue(text: string): void {
  const latin1 = Buffer.from(text).toString("latin1");
  const value = findJsonValue(latin1);
  if (value === undefined || latin1.slice(value.end).trim() !== "") {
    throw new Error("not one value");
  }
}

describe("a body that is nested deeply", () => {
  const nested = (depth: number): string => `{"nope":${"[".repeat(depth)}${"]".repeat(depth)}}`;

  test("is read down to 10,000 levels", () => {
    expect(decode(google, nested(9_999))).toEqual(decode(google, "{}"));
  });

  test("is rejected below", () => {
    expect(decode(google, nested(10_000))).toBe("invalid character '[' exceeded max depth");
  });
});
