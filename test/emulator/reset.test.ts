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
  test("brings the seed back, with the ids, the organization and the token that it had", async () => {
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

  test("gives no id again that a call had made", async () => {
    const ids = new Set<string>();
    for (let times = 0; times < 3; times++) {
      const { id } = await client.management.addGoogleProvider(request);
      ids.add(id);
      emulator.reset();
    }
    expect(ids.size).toBe(3);
  });

  test("clears the log, whose array stays the same", async () => {
    const { log } = emulator;
    await listed();
    expect(log.length).toBeGreaterThan(0);
    emulator.reset();
    expect(emulator.log).toBe(log);
    expect(log).toEqual([]);
  });

  test("leaves listeners and their connections alone", async () => {
    await using another = createEmulator();
    const listener = await another.listen();
    await using over = createIdpClient({ baseUrl: listener.url, auth: another.token });
    const { id } = await over.management.addGoogleProvider(request);
    another.reset();
    const { result } = await over.management.listProviders({});
    expect([id !== "", result]).toEqual([true, []]);
  });
});
