import { create, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { AdminService } from "../../gen/zitadel/admin_pb.js";
import {
  GetProviderByIDResponseSchema,
  ListProvidersResponseSchema,
  ManagementService,
} from "../../gen/zitadel/management_pb.js";
import { quickRead } from "../../src/transport/quick-read.js";
import { createRandom, randomMessage } from "../support/random-message.js";

const answers = new Map(
  [...ManagementService.methods, ...AdminService.methods].map(({ output }) => [
    output.typeName,
    output,
  ]),
);

function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return "refused";
  }
}

/** Checks that quickRead returns the same as fromBinary, including the order of the fields. */
function expectSame(desc: DescMessage, bytes: Buffer): boolean {
  const quick = quickRead(desc, bytes);
  if (quick !== undefined) {
    const usual = outcome(() => fromBinary(desc, bytes));
    expect(quick).toStrictEqual(usual);
    expect(text(quick)).toBe(text(usual));
  }
  return quick !== undefined;
}

const text = (message: unknown): string =>
  JSON.stringify(message, (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );

describe("reads the same as fromBinary, or leaves the message to it", () => {
  test.each([...answers.values()])("$typeName", (desc) => {
    for (let seed = 0; seed < 30; seed++) {
      const random = createRandom(seed);
      const bytes = Buffer.from(toBinary(desc, randomMessage(desc, random)));
      expectSame(desc, bytes);
      for (let damage = 0; damage < 20 && bytes.length > 0; damage++) {
        const damaged = Buffer.from(bytes.subarray(0, bytes.length - random.integer(2)));
        for (let count = random.integer(3); count >= 0 && damaged.length > 0; count--) {
          damaged[random.integer(damaged.length)] = random.integer(256);
        }
        expectSame(desc, damaged);
        expectSame(desc, Buffer.concat([bytes, damaged]));
      }
    }
  });
});

const details = {
  sequence: 4711n,
  creationDate: { seconds: 1_760_000_000n, nanos: 123_456_000 },
  resourceOwner: "300000000000000002",
};
const provider = {
  id: "300000000000000001",
  details,
  state: 1,
  name: "Žluťoučký 🐎",
  config: {
    options: { isLinkingAllowed: true },
    config: {
      case: "oidc" as const,
      value: { issuer: "https://acme.example", scopes: ["a", "b"] },
    },
  },
};

test("reads usual responses of ZITADEL", () => {
  const one = create(GetProviderByIDResponseSchema, { idp: provider });
  const list = create(ListProvidersResponseSchema, { result: [provider, provider, {}] });
  for (const message of [one, list]) {
    const desc = message === one ? GetProviderByIDResponseSchema : ListProvidersResponseSchema;
    const bytes = Buffer.from(toBinary<DescMessage>(desc, message));
    expect(expectSame(desc, bytes)).toBe(true);
  }
});

test.each([
  ["a field that the schema does not know", "f80101"],
  ["a message in two pieces", "0a030a01610a030a0162"],
  ["less than is announced", "0a050a0161"],
  ["a field of another form", "0801"],
  ["a text that is not UTF-8", "0a030a01ff"],
])("leaves %s to fromBinary", (_, hex) => {
  expect(quickRead(GetProviderByIDResponseSchema, Buffer.from(hex, "hex"))).toBeUndefined();
});
