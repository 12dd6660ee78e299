import { afterAll, beforeAll, expect, test } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { allMethods } from "../support/all-methods.js";
import { createRandomCall, makeRandomCall, randomCallSeed } from "../support/random-calls.js";
import { createRandom } from "../support/random-message.js";
import { type WireName, wireNames } from "../support/wires.js";

/** The emulator of one wire protocol, and the ids that it issued, in order. */
interface Side {
  readonly emulator: Emulator;
  readonly client: IdpClient;
  readonly ids: string[];
}

const sides = {} as Record<WireName, Side>;
beforeAll(async () => {
  for (const protocol of wireNames) {
    const emulator = createEmulator({ seed: randomCallSeed });
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

const outcomesByRpc = new Map<string, Set<string>>();

test.each([1, 2, 3])(
  "the same 250 random calls have the same outcome on all wires (%i)",
  async (round) => {
    const random = createRandom(round);
    for (let index = 0; index < 250; index++) {
      const method = random.pick(allMethods);
      const call = createRandomCall(method, random);
      const name = `${method.parent.name}/${method.name}`;
      const [json, grpc, grpcWeb] = await Promise.all(
        wireNames.map((wire) => makeRandomCall(sides[wire], call)),
      );
      expect(grpc, `call ${index}: ${name} over grpc and json`).toEqual(json);
      expect(grpcWeb, `call ${index}: ${name} over grpc-web and json`).toEqual(json);
      const outcomes = outcomesByRpc.get(name) ?? new Set();
      const isSuccess = typeof json === "object" && json !== null && "ok" in json;
      outcomesByRpc.set(name, outcomes.add(isSuccess ? "ok" : "error"));
    }
  },
);

test("the random calls reached every RPC, and most of them with success", () => {
  const reached = [...outcomesByRpc.values()];
  const successes = reached.filter((outcomes) => outcomes.has("ok"));
  expect(reached.length).toBe(allMethods.length);
  expect(successes.length).toBeGreaterThan(allMethods.length / 2);
});
