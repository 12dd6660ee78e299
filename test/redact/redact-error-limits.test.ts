import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { ErrorDetailSchema } from "../../gen/zitadel/message_pb.js";
import { redactBytes } from "../../src/redact/redact-bytes.js";
import { redactError } from "../../src/redact/redact-error.js";

const secret = "planted-5f3a9c0e7b21";
const long = `${"-".repeat(8180)}${secret}${"-".repeat(100_000)}`;
const cut = /-{8180}.*… \[cut: [\d,]+ more characters\]/;

/** Returns the size of everything in an error. */
function sizeOf(value: unknown, seen = new Set<unknown>()): number {
  if (typeof value === "string") {
    return value.length;
  }
  if (typeof value !== "object" || value === null || seen.has(value)) {
    return 0;
  }
  seen.add(value);
  return Reflect.ownKeys(value).reduce(
    (sum, name) => sum + String(name).length + sizeOf(Reflect.get(value, name), seen),
    0,
  );
}

const chain = (depth: number): Error =>
  new Error(long + depth, { cause: depth === 0 ? undefined : chain(depth - 1) });

test.each<[string, () => unknown]>([
  ["a chain of causes", () => chain(200)],
  [
    "an AggregateError of many errors",
    () =>
      new AggregateError(
        Array.from({ length: 5000 }, () => new Error(long)),
        long,
      ),
  ],
  [
    "many properties",
    () =>
      Object.assign(
        new Error("x"),
        Object.fromEntries(Array.from({ length: 20_000 }, (_, each) => [`x${each}`, long])),
      ),
  ],
  [
    "many objects",
    () =>
      Object.assign(new Error("x"), {
        list: Array.from({ length: 300 }, () => Array.from({ length: 300 }, () => ({ long }))),
      }),
  ],
  ["a name of a property", () => Object.assign(new Error("x"), { [long]: 1 })],
  [
    "a map",
    () =>
      Object.assign(new Error("x"), {
        map: new Map(Array.from({ length: 9000 }, (_, each) => [each, long])),
      }),
  ],
])("an error stays small and quick to redact with %s", { timeout: 10_000 }, (_, make) => {
  const clean = redactError(make(), [secret]);
  expect(sizeOf(clean)).toBeLessThan(500_000);
  expect(redactError(clean, [secret])).toBe(clean);
});

test("a stack keeps its frames when its message is cut", () => {
  const error = redactError(new ConnectError(long), [secret]) as ConnectError;
  expect(error.message).toMatch(cut);
  expect(error.rawMessage).toMatch(cut);
  expect(error.stack).toMatch(cut);
  expect(error.stack).toMatch(/characters\]\n +at .*redact-error-limits/);
  expect(`${error.stack}${error.message}`).not.toContain("plan");
});

test("a protobuf message that is cut can still be decoded", () => {
  const bytes = toBinary(
    ErrorDetailSchema,
    create(ErrorDetailSchema, { id: "A-1", message: long }),
  );
  const { id, message } = fromBinary(ErrorDetailSchema, redactBytes(bytes, [secret]));
  expect(id).toBe("A-1");
  expect(message).toMatch(/^-{8000,}.*… \[cut: [\d,]+ more characters\]$/);
  expect(message).not.toContain("plan");
});

test("other bytes end with a note", () => {
  const clean = redactBytes(new TextEncoder().encode(long), [secret]);
  expect(new TextDecoder().decode(clean)).toMatch(/^-{8180}\*{12}… \[cut: 100,008 more bytes\]$/);
});
