import { beforeAll, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator, type Emulator, type EmulatorSeed } from "zitadel-idp/emulator";

const request = { clientId: "c", clientSecret: "s" };
const seed: EmulatorSeed = {
  providers: [
    { owner: "ZITADEL", rpc: "AddGoogleProvider", request: { ...request, name: "one" } },
    { owner: "instance", rpc: "AddGoogleProvider", request: { ...request, name: "two" } },
  ],
};

let emulator: Emulator;
let client: IdpClient;
beforeAll(() => {
  emulator = createEmulator({ seed });
  client = createIdpClient({
    baseUrl: emulator.url,
    auth: emulator.token,
    orgId: emulator.orgId,
    fetch: emulator.fetch,
  });
});

const listed = async (): Promise<string[]> =>
  (await client.management.listProviders({})).result.map(({ id, name }) => `${id} ${name}`);

describe("a reset", () => {
  test("restores the seed, with the same ids, organization and token", async () => {
    const before = await listed();
    expect(before.length).toBe(2);
    await client.management.addGoogleProvider(request);
    await client.management.deleteProvider({ id: before[0]?.split(" ")[0] ?? "" }).catch(() => 0);
    expect(await listed()).not.toEqual(before);
    for (let times = 0; times < 3; times++) {
      emulator.reset();
      expect(await listed()).toEqual(before);
    }
  });

  test("never reuses an id that a call created", async () => {
    const ids = new Set<string>();
    for (let times = 0; times < 3; times++) {
      const { id } = await client.management.addGoogleProvider(request);
      ids.add(id);
      emulator.reset();
    }
    expect(ids.size).toBe(3);
  });

  test("clears the log and keeps its array", async () => {
    const { log } = emulator;
    await listed();
    expect(log.length).toBeGreaterThan(0);
    emulator.reset();
    expect(emulator.log).toBe(log);
    expect(log).toEqual([]);
  });

  test("keeps listeners and their connections open", async () => {
    await using another = createEmulator();
    const listener = await another.listen();
    await using over = createIdpClient({ baseUrl: listener.url, auth: another.token });
    const { id } = await over.management.addGoogleProvider(request);
    another.reset();
    const { result } = await over.management.listProviders({});
    expect([id !== "", result]).toEqual([true, []]);
  });
});
