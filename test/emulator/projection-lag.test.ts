import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator, type Emulator, type EmulatorSeed } from "zitadel-idp/emulator";

const lagMs = 100;
const google = { clientId: "c", clientSecret: "s" };
const seed: EmulatorSeed = {
  organizations: [{ id: "1", name: "Acme" }],
  serviceUsers: [{ name: "o", organization: "1", token: "t", instanceRoles: ["IAM_OWNER"] }],
  providers: [
    { id: "10", owner: "Acme", rpc: "AddGoogleProvider", request: { ...google, name: "old" } },
    { id: "20", owner: "instance", rpc: "AddGoogleProvider", request: { ...google, name: "old" } },
  ],
  humans: [
    {
      id: "30",
      name: "h",
      organization: "Acme",
      links: [{ idp: "10", userId: "u", userName: "n" }],
    },
  ],
};

let emulator: Emulator;
let client: IdpClient;
beforeEach(() => {
  // The lag depends only on this clock.
  vi.useFakeTimers({ toFake: ["performance"] });
  emulator = createEmulator({ seed, lagMs });
  client = createIdpClient({ baseUrl: emulator.url, auth: "t", fetch: emulator.fetch });
});
afterEach(() => vi.useRealTimers());

const { stringify } = JSON;

/** The reads, each returning a comparable text. */
const reads = {
  ListProviders: async () =>
    stringify(
      (await client.management.listProviders({})).result.map((each) => each.name).toSorted(),
    ),
  "admin ListProviders": async () =>
    stringify((await client.admin.listProviders({})).result.map((each) => each.name).toSorted()),
  GetProviderByID: async () =>
    client.management.getProviderByID({ id: "10" }).then(
      ({ idp }) => idp?.name,
      () => "gone",
    ),
  "admin GetProviderByID": async () =>
    client.admin.getProviderByID({ id: "20" }).then(
      ({ idp }) => idp?.name,
      () => "gone",
    ),
  ListOrgIDPs: async () =>
    stringify((await client.management.listOrgIDPs({})).result.map((each) => each.name)),
  ListIDPs: async () =>
    stringify((await client.admin.listIDPs({})).result.map((each) => each.name)),
  ListLoginPolicyIDPs: async () =>
    stringify((await client.admin.listLoginPolicyIDPs({})).result.map((each) => each.idpId)),
  "GetLoginPolicy of an organization": async () => {
    const { policy } = await client.management.getLoginPolicy({});
    return stringify([policy?.forceMfa, policy?.idps.map((each) => each.idpId)]);
  },
  GetDefaultLoginPolicy: async () => {
    const { policy } = await client.management.getDefaultLoginPolicy({});
    return stringify([policy?.forceMfa, policy?.idps.map((each) => each.idpId)]);
  },
  "admin GetLoginPolicy": async () => {
    const { policy } = await client.admin.getLoginPolicy({});
    return stringify([policy?.forceMfa, policy?.idps.map((each) => each.idpId)]);
  },
  ListHumanLinkedIDPs: async () =>
    stringify(
      (await client.management.listHumanLinkedIDPs({ userId: "30" })).result.map(
        (each) => each.providedUserId,
      ),
    ),
};
type Read = keyof typeof reads;

const legacy = {
  name: "older",
  clientId: "c",
  clientSecret: "s",
  issuer: "i",
  displayNameMapping: 1,
  usernameMapping: 1,
};

describe("with a lag", () => {
  test.each<[string, () => Promise<unknown>, { late: Read[]; atOnce: Read[] }]>([
    [
      "an add",
      () => client.management.addGoogleProvider({ ...google, name: "new" }),
      { late: ["ListProviders"], atOnce: [] },
    ],
    [
      "an update",
      () => client.management.updateGoogleProvider({ ...google, id: "10", name: "new" }),
      { late: ["ListProviders"], atOnce: ["GetProviderByID"] },
    ],
    [
      "a delete",
      () => client.management.deleteProvider({ id: "10" }),
      { late: ["ListProviders"], atOnce: ["GetProviderByID"] },
    ],
    [
      "an update on the instance",
      () => client.admin.updateGoogleProvider({ ...google, id: "20", name: "new" }),
      { late: ["ListProviders", "admin ListProviders"], atOnce: ["admin GetProviderByID"] },
    ],
    [
      "an add of a legacy IDP",
      () => client.management.addOrgOIDCIDP(legacy),
      { late: ["ListOrgIDPs", "ListProviders"], atOnce: [] },
    ],
    [
      "an add of a legacy IDP to the instance",
      () => client.admin.addOIDCIDP(legacy),
      { late: ["ListIDPs", "ListOrgIDPs", "admin ListProviders"], atOnce: [] },
    ],
    [
      "a link in the default policy",
      () => client.admin.addIDPToLoginPolicy({ idpId: "20" }),
      {
        late: ["GetDefaultLoginPolicy", "admin GetLoginPolicy"],
        atOnce: ["ListLoginPolicyIDPs", "GetLoginPolicy of an organization"],
      },
    ],
    [
      "an update of the default policy",
      () => client.admin.updateLoginPolicy({ forceMfa: true, passwordlessType: 1 }),
      {
        late: ["GetDefaultLoginPolicy", "admin GetLoginPolicy"],
        atOnce: ["GetLoginPolicy of an organization"],
      },
    ],
    [
      "a removed account",
      () =>
        client.management.removeHumanLinkedIDP({ userId: "30", idpId: "10", linkedUserId: "u" }),
      { late: ["ListHumanLinkedIDPs"], atOnce: [] },
    ],
  ])("%s shows late in some reads, and at once in others", async (_, write, { late, atOnce }) => {
    const before = Object.fromEntries(
      await Promise.all([...late, ...atOnce].map(async (name) => [name, await reads[name]()])),
    ) as Record<string, string>;
    await write();
    for (const name of atOnce) {
      expect.soft(await reads[name](), `${name} at once`).not.toBe(before[name]);
    }
    vi.advanceTimersByTime(lagMs - 1);
    for (const name of late) {
      expect.soft(await reads[name](), `${name} before its time`).toBe(before[name]);
    }
    vi.advanceTimersByTime(1);
    for (const name of late) {
      expect.soft(await reads[name](), `${name} in time`).not.toBe(before[name]);
    }
  });

  test("a deleted provider lingers among the links of a policy", async () => {
    await client.admin.addIDPToLoginPolicy({ idpId: "20" });
    await client.admin.deleteProvider({ id: "20" });
    expect(await reads.ListLoginPolicyIDPs()).toBe('["20"]');
    vi.advanceTimersByTime(lagMs);
    expect(await reads.ListLoginPolicyIDPs()).toBe("[]");
  });

  test("writes become visible in their order, each after the lag", async () => {
    await client.management.updateGoogleProvider({ ...google, id: "10", name: "a" });
    vi.advanceTimersByTime(60);
    await client.management.updateGoogleProvider({ ...google, id: "10", name: "b" });
    vi.advanceTimersByTime(60);
    expect(await reads.ListProviders()).toBe('["a","old"]');
    vi.advanceTimersByTime(60);
    expect(await reads.ListProviders()).toBe('["b","old"]');
  });

  test("commands always see all writes", async () => {
    const { idpId } = await client.management.addOrgOIDCIDP(legacy);
    await client.management.deactivateOrgIDP({ idpId });
    await expect(client.management.deactivateOrgIDP({ idpId })).rejects.toThrow("NotActive");
  });

  test("a reset is visible at once", async () => {
    await client.management.deleteProvider({ id: "10" });
    emulator.reset();
    expect(await reads.ListProviders()).toBe('["old","old"]');
  });
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("a lag of %d is rejected", (wrong) => {
  expect(() => createEmulator({ lagMs: wrong })).toThrow("lagMs must be from 0 to 3600000");
});

test.each([-1, 0.5])("a log of %d entries is rejected", (wrong) => {
  expect(() => createEmulator({ logSize: wrong })).toThrow("logSize must be a whole number");
});
