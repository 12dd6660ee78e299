import { afterEach, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator, type Emulator, type EmulatorSeed } from "zitadel-idp/emulator";
import { legacyRequests, providerRequests } from "../support/add-requests.js";
import { type ControlAnswer, sendControl } from "../support/send-control.js";

interface SnapshotFixture {
  readonly emulator: Emulator;
  readonly client: IdpClient;
  control(method: string, path: string, body?: unknown): Promise<ControlAnswer>;
}

const seed: EmulatorSeed = {
  organizations: [{ name: "Acme" }],
  humans: [{ id: "301", name: "ada", organization: "Acme" }],
};

/** The secret of each provider that has one. */
const planted = "planted-s3cret";

const fixtures: SnapshotFixture[] = [];

async function startFixture(own: EmulatorSeed = seed): Promise<SnapshotFixture> {
  const emulator = createEmulator({ seed: own });
  const { url } = await emulator.listen({ control: true });
  const client = createIdpClient({ baseUrl: url, auth: emulator.token });
  const fixture: SnapshotFixture = {
    emulator,
    client,
    control: (method, path, body) => sendControl(url, method, path, body),
  };
  fixtures.push(fixture);
  return fixture;
}

afterEach(async () => {
  await Promise.all(
    fixtures
      .splice(0)
      .map(({ client, emulator }) => Promise.all([client.close(), emulator.close()])),
  );
});

/** Adds a provider of each type, a login policy and a legacy IDP, and returns a snapshot of the state as a file. */
async function saveSnapshot({ client, control }: SnapshotFixture): Promise<unknown> {
  const requests = [
    ...Object.entries(providerRequests).map(
      ([name, each]) => [`add${name}Provider`, each] as const,
    ),
    ...Object.entries(legacyRequests).map(([name, each]) => [`addOrg${name}IDP`, each] as const),
  ];
  for (const [name, request] of requests) {
    await client.management[name as "addGoogleProvider"]({
      ...request,
      name,
      ...("clientSecret" in request && { clientSecret: planted }),
      ...("bindPassword" in request && { bindPassword: planted }),
    });
  }
  const { id } = await client.management.addGoogleProvider({
    name: "on the login page",
    clientId: "id",
    clientSecret: planted,
  });
  await client.management.addCustomLoginPolicy({
    allowExternalIdp: true,
    idps: [{ idpId: id, ownerType: 2 }],
  });
  await control("PUT", "/snapshots/all");
  return (await control("GET", "/snapshots/all")).body;
}

describe("a snapshot file", () => {
  test("brings the state back in another emulator, whose users keep their tokens and permissions", async () => {
    const before = await startFixture();
    const file = await saveSnapshot(before);
    const { result } = await before.client.management.listProviders({});
    expect(result.length).toBeGreaterThanOrEqual(13);
    const { policy } = await before.client.management.getLoginPolicy({});

    const after = await startFixture();
    expect(after.emulator.instanceId).not.toBe(before.emulator.instanceId);
    expect(after.emulator.orgId).not.toBe(before.emulator.orgId);
    expect(await after.control("PUT", "/snapshots/uploaded", file)).toMatchObject({ status: 204 });
    expect((await after.control("POST", "/snapshots/uploaded/load")).status).toBe(204);
    const restored = await after.client.management.listProviders({});
    const moved = JSON.parse(
      stringify(result).replaceAll(before.emulator.orgId, after.emulator.orgId),
    ) as unknown;
    expect(JSON.parse(stringify(restored.result))).toEqual(moved);
    expect((await after.client.management.getLoginPolicy({})).policy?.idps).toEqual(policy?.idps);

    const id = result.find(({ name }) => name === "on the login page")?.id ?? "";
    await after.client.management.deleteProvider({ id });
    await after.client.admin.addGoogleProvider({ clientId: "id", clientSecret: "secret" });
    expect((await after.client.admin.listProviders({})).result).toHaveLength(1);
  });

  test("contains no secrets and no tokens", async () => {
    const fixture = await startFixture();
    const text = JSON.stringify(await saveSnapshot(fixture));
    expect(text).toContain("301");
    expect(text).not.toContain(fixture.emulator.token);
    expect(text).not.toContain(planted);
  });

  test("is rejected if the emulator has an organization that the file lacks", async () => {
    const file = await saveSnapshot(await startFixture());
    const { control } = await startFixture({ organizations: [{ name: "Acme" }, { name: "Beta" }] });
    expect(await control("PUT", "/snapshots/a", file)).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('has no organization "Beta"') as string },
    });
    expect(await control("GET", "/snapshots")).toMatchObject({ body: { snapshots: [] } });
  });

  test.each([
    ["no file of this format", () => ({ providers: [] }), /is not a snapshot of the emulator/],
    [
      "a newer version",
      (file: string) => file.replace("snapshot 1", "snapshot 2"),
      /is not a snapshot/,
    ],
    ["a file without its contents", (file: string) => file.replace("instance", "x"), /is damaged/],
    [
      "a damaged number",
      (file: string) => file.replace(/"\$bigint":"/, "$&x"),
      /is damaged|damaged number/,
    ],
    [
      "damaged bytes",
      (file: string) => file.replace(/"\$bigint":"\d+"/, '"$bytes":"*"'),
      /damaged bytes/,
    ],
    [
      "a damaged provider",
      (file: string) => file.replaceAll('"state":1', '"state":"on"'),
      /is damaged/,
    ],
  ])("is rejected if it is or has %s", async (_, damage, error) => {
    const fixture = await startFixture();
    const reply = await fixture.control(
      "PUT",
      "/snapshots/a",
      damage(JSON.stringify(await saveSnapshot(fixture))),
    );
    expect(reply.status).toBe(400);
    expect(JSON.stringify(reply.body)).toMatch(error);
  });

  test("is deleted by its name", async () => {
    const { control } = await startFixture();
    await control("PUT", "/snapshots/a");
    expect((await control("DELETE", "/snapshots/a")).status).toBe(204);
    expect((await control("DELETE", "/snapshots/a")).status).toBe(404);
    expect((await control("GET", "/snapshots/a")).status).toBe(404);
  });
});

function stringify(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === "bigint" ? String(each) : each,
  );
}
