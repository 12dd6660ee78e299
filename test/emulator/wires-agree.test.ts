import {
  clone,
  type DescMethodUnary,
  type JsonObject,
  type JsonValue,
  type Message,
  ScalarType,
  toJson,
} from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Code, ConnectError, createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator, type Emulator, type EmulatorSeed } from "zitadel-idp/emulator";
import { methods } from "../../src/emulator/methods.js";
import { errorRegistry } from "../../src/rest/detail.js";
import { errorToJson } from "../../src/rest/error.js";
import { createRandom, type Random, randomMessage } from "../support/random-message.js";
import { type WireName, wireNames } from "../support/wires.js";

const calls = [...methods.values()].flatMap((byName) => [...byName.values()]);
const human = "300000000000000001";
const seed: EmulatorSeed = {
  instance: { id: "100000000000000001" },
  organizations: [{ id: "200000000000000001", name: "one" }],
  serviceUsers: [{ name: "owner", organization: "one", token: "t", instanceRoles: ["IAM_OWNER"] }],
  humans: [{ id: human, name: "human", organization: "one" }],
};

/** The emulator of one wire protocol, and the ids that it issued, in order. */
interface Side {
  readonly emulator: Emulator;
  readonly client: IdpClient;
  readonly ids: string[];
}

const sides = {} as Record<WireName, Side>;
beforeAll(async () => {
  for (const protocol of wireNames) {
    const emulator = createEmulator({ seed });
    const { url } = await emulator.listen();
    const client = createIdpClient({ baseUrl: url, auth: "t", protocol });
    sides[protocol] = { emulator, client, ids: [] };
  }
});
afterAll(async () => {
  for (const { emulator, client } of Object.values(sides)) {
    await client.close();
    await emulator.close();
  }
});

const registry = errorRegistry();
const outcomesByRpc = new Map<string, Set<string>>();

test.each([1, 2, 3])(
  "the same 250 random calls have the same outcome on all wires (%i)",
  async (round) => {
    const random = createRandom(round);
    for (let index = 0; index < 250; index++) {
      const method = random.pick(calls);
      const request = randomMessage(method.input, random, { maxDepth: 3 });
      const name = `${method.parent.name}/${method.name}`;
      // The index of a known id for each id field. Each emulator resolves the index to an id of its own.
      const choices = new Map<string, number>();
      tame(method, request, random, choices);
      const outcomes = await Promise.all(
        wireNames.map((wire) =>
          outcome(sides[wire], method, withIds(method, request, choices, sides[wire].ids)),
        ),
      );
      const [json, grpc, grpcWeb] = outcomes;
      expect(grpc, `call ${index}: ${name} over grpc and json`).toEqual(json);
      expect(grpcWeb, `call ${index}: ${name} over grpc-web and json`).toEqual(json);
      const kinds = outcomesByRpc.get(name) ?? new Set();
      outcomesByRpc.set(
        name,
        kinds.add(typeof json === "object" && json !== null && "ok" in json ? "ok" : "error"),
      );
    }
  },
);

test("the random calls cover every RPC, and most of them with success", () => {
  const calledRpcs = [...outcomesByRpc.values()];
  const successes = calledRpcs.filter((kinds) => kinds.has("ok"));
  expect(calledRpcs.length).toBe(calls.length);
  expect(successes.length).toBeGreaterThan(calls.length / 2);
});

/** Makes a random request likely to succeed: short texts, small pages, and empty ids to fill in. */
function tame(
  method: DescMethodUnary,
  request: Message,
  random: Random,
  choices: Map<string, number>,
): void {
  const fields = reflect(method.input, request);
  for (const field of method.input.fields) {
    if (/^(id|idp_id|user_id|linked_user_id)$/.test(field.name)) {
      choices.set(field.name, random.integer(1000));
      fields.set(field, "");
    } else if (
      field.fieldKind === "scalar" &&
      field.scalar === ScalarType.STRING &&
      !field.oneof &&
      random.chance(0.9)
    ) {
      fields.set(field, random.pick(["one", "two", " padded ", "https://a.example/"]));
    }
  }
}

function withIds(
  { input }: DescMethodUnary,
  request: Message,
  choices: Map<string, number>,
  ids: readonly string[],
): Message {
  const copy = reflect(input, clone(input, request));
  for (const [name, choice] of choices) {
    const field = input.fields.find((each) => each.name === name);
    if (field !== undefined) {
      const id = name === "user_id" ? human : (ids[choice % (ids.length + 1)] ?? "999");
      copy.set(field, id);
    }
  }
  return copy.message;
}

async function outcome(side: Side, method: DescMethodUnary, request: Message): Promise<JsonValue> {
  const service = method.parent.typeName.includes("admin")
    ? side.client.admin
    : side.client.management;
  const call = service[method.localName as keyof typeof service] as (
    request: Message,
  ) => Promise<Message>;
  try {
    const response = toJson(method.output, await call(request));
    const { id, idpId = id } = response as JsonObject;
    if (typeof idpId === "string") {
      side.ids.push(idpId);
    }
    return normalize(side, { ok: response });
  } catch (reason) {
    const error = ConnectError.from(reason);
    expect(Code[error.code], error.message).not.toMatch(/Unimplemented|Unavailable|Canceled/);
    return normalize(side, errorToJson(error, registry));
  }
}

/**
 * Removes the differences between two emulators: times, the ids that they issued, and the order of lists, which has no meaning.
 */
function normalize({ ids }: Side, json: JsonValue): JsonValue {
  const text = JSON.stringify(json, (key, value: unknown) =>
    /^(creationDate|changeDate|viewTimestamp)$/.test(key) ? "<time>" : value,
  );
  const named = JSON.parse(
    text.replace(/\b\d{18}\b/g, (id) => (ids.includes(id) ? `<id ${ids.indexOf(id)}>` : id)),
  ) as { ok?: { result?: JsonValue[]; details?: { totalResult?: string } } };
  const { result, details } = named.ok ?? {};
  if (named.ok !== undefined && result !== undefined) {
    // The contents of a page are arbitrary, because lists have no order.
    const isWhole = result.length === Number(details?.totalResult);
    named.ok.result = isWhole
      ? result.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : [result.length];
  }
  return named;
}
