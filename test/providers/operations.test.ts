import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
import {
  createProviders,
  type IdentityProvider,
  type ListFilter,
  ProviderError,
  type Providers,
} from "../../src/providers/index.js";
import { wireNames } from "../support/wires.js";
import { useEmulator } from "../support/use-emulator.js";

const org2 = "12";
const { emulator, listener } = await useEmulator({
  seed: {
    organizations: [
      { id: "1", name: "Acme" },
      { id: org2, name: "Other" },
    ],
    humans: [
      {
        id: "2",
        name: "ada",
        organization: "1",
        links: [{ idp: "77", userId: "a", userName: "ada" }],
      },
      { id: "3", name: "bob", organization: "1" },
    ],
    providers: [
      {
        id: "77",
        owner: "1",
        rpc: "AddGoogleProvider",
        request: { name: "Linked", clientId: "c", clientSecret: "s" },
      },
    ],
  },
});

const google = (name: string) =>
  ({ type: "google", name, clientId: "c", clientSecret: "s" }) as const;

async function namesOf(providers: Providers, filter?: ListFilter): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of providers.list(filter)) {
    names.push(name);
  }
  return names.toSorted();
}

describe.each(wireNames)("over %s", (protocol) => {
  let client: IdpClient;
  let org: Providers;
  let instance: Providers;
  beforeAll(() => {
    client = createIdpClient({ baseUrl: listener.url, auth: emulator.token, protocol });
    org = createProviders(client, { owner: "org" });
    instance = createProviders(client, { owner: "instance" });
  });
  afterAll(() => client.close());

  test("lists the providers that the owner owns and that match the filter", async () => {
    const { id } = await org.add(google("Alpha"));
    await org.add({ type: "github", name: "Beta 100%", clientId: "c", clientSecret: "s" });
    await instance.add(google("Shared"));
    const cases: [ListFilter, string[]][] = [
      [{}, ["Alpha", "Beta 100%", "Linked"]],
      [{ name: "Alpha" }, ["Alpha"]],
      [{ name: { contains: "100%" } }, ["Beta 100%"]],
      [{ name: { startsWith: "alp", ignoreCase: true } }, ["Alpha"]],
      [{ name: { endsWith: "ed" } }, ["Linked"]],
      [{ id }, ["Alpha"]],
      [{ type: "github" }, ["Beta 100%"]],
      [{ type: ["github", "google"], name: { contains: "a" } }, ["Alpha", "Beta 100%"]],
      [{ owner: "instance" }, ["Shared"]],
      [{ owner: "any" }, ["Alpha", "Beta 100%", "Linked", "Shared"]],
      [{ state: "inactive" }, []],
      [{ pageSize: 1 }, ["Alpha", "Beta 100%", "Linked"]],
    ];
    for (const [filter, names] of cases) {
      expect(await namesOf(org, filter), JSON.stringify(filter)).toEqual(names);
    }
    expect(await namesOf(instance)).toEqual(["Shared"]);
  });

  test("lists each existing provider once while others are added and deleted", async () => {
    const stays = new Set<string>();
    for (let index = 0; index < 12; index++) {
      stays.add((await org.add(google(`stays ${index}`))).id);
    }
    const goes: string[] = [];
    for (let index = 0; index < 6; index++) {
      goes.push((await org.add(google(`goes ${index}`))).id);
    }
    const seen: string[] = [];
    for await (const { id } of org.list({ pageSize: 5 })) {
      seen.push(id);
      const gone = goes.pop();
      if (gone !== undefined) {
        await client.management.deleteProvider({ id: gone });
      }
      if (seen.length % 4 === 0 && seen.length < 20) {
        await org.add(google("comes"));
      }
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect([...stays].filter((id) => !seen.includes(id))).toEqual([]);
  });

  test("distinguishes legacy IDPs from providers, and does not change them", async () => {
    const { idpId: id } = await client.management.addOrgOIDCIDP({
      name: "Old",
      issuer: "i",
      clientId: "c",
      clientSecret: "s",
      scopes: ["openid"],
      autoRegister: true,
    });
    expect(await org.get(id)).toMatchObject({
      type: "legacyOidc",
      issuer: "i",
      clientId: "c",
      scopes: ["openid"],
      autoRegister: true,
      state: "active",
    });
    await client.management.deactivateOrgIDP({ idpId: id });
    expect(await org.get(id)).toMatchObject({ state: "inactive" });
    for (const refused of [
      () => org.update(id, { clientId: "d" }),
      () => org.delete(id, { evenIfLinked: true }),
    ]) {
      await expect(refused()).rejects.toMatchObject({ reason: "read_only" });
    }
    const migrated = await org.migrate(id, {
      type: "azureAd",
      name: "New",
      clientId: "n",
      clientSecret: "s",
      tenant: "contoso.example",
    });
    expect(migrated).toMatchObject({ id, type: "azureAd", name: "New", tenant: "contoso.example" });
    await expect(org.migrate(id, google("again"))).rejects.toMatchObject({
      reason: "not_expressible",
    });
  });

  test("finds a provider by name, and reports several as ambiguous", async () => {
    await org.add(google("Twice"));
    const one = await org.add(google("Once"));
    expect(await org.find("Once")).toEqual(one);
    expect(await org.find("Never")).toBeUndefined();
    await org.add(google("Twice"));
    await expect(org.find("Twice")).rejects.toMatchObject({ reason: "ambiguous" });
  });

  test("reads providers of the instance from an organization, but does not write them", async () => {
    const { id } = await instance.add(google("Shared"));
    expect(await org.get(id)).toMatchObject({ owner: "instance", name: "Shared" });
    await expect(org.update(id, { clientId: "d" })).rejects.toMatchObject({ reason: "read_only" });
    await expect(org.get("404")).rejects.toMatchObject({ id: "QUERY-SAFrt" });
  });

  test("activates and deactivates, and reports changes", async () => {
    const own = await org.add(google("Own"));
    const shared = await instance.add(google("Shared"));
    expect(await instance.activate(shared.id)).toMatchObject({ changed: true });
    expect(await instance.activate(shared.id)).toMatchObject({ changed: false });
    expect(await org.active()).toEqual({ ids: [shared.id], isInherited: true });
    expect(await org.activate(shared.id)).toMatchObject({ changed: false });
    await expect(org.activate(own.id)).rejects.toMatchObject({ reason: "policy_inherited" });
    const before = (await client.management.getLoginPolicy({})).policy;
    const createPolicy = true;
    expect(await org.activate(own.id, { createPolicy })).toMatchObject({
      changed: true,
      policyCreated: true,
    });
    expect(await org.active()).toEqual({ ids: [shared.id, own.id], isInherited: false });
    const after = (await client.management.getLoginPolicy({})).policy;
    const settings = (policy: typeof before) => ({ ...policy, details: 0, isDefault: 0, idps: 0 });
    expect(settings(after)).toEqual(settings(before));
    expect(await org.deactivate(shared.id)).toMatchObject({ changed: true });
    expect(await org.deactivate(shared.id)).toMatchObject({ changed: false });
    expect((await instance.active()).ids).toEqual([shared.id]);
  });

  test("reports why users do not see an active provider", async () => {
    const { id } = await org.add(google("Own"));
    await client.management.addCustomLoginPolicy({ allowUsernamePassword: true });
    const { warnings } = await org.activate(id);
    expect(warnings.join()).toContain("allowExternalIdp");
  });

  test("deletes only if no users are linked, or with evenIfLinked", async () => {
    await expect(org.delete("77")).rejects.toMatchObject({ reason: "linked_users" });
    await expect(org.delete("77", { users: ["2", "3"] })).rejects.toThrow("1 of 2 users");
    expect(await org.countLinkedUsers("77", ["2", "3", { userId: "2", orgId: "1" }])).toBe(2);
    const { id } = await org.add(google("Free"));
    expect(await org.delete(id, { users: ["2", "3"] })).toEqual({
      id,
      name: "Free",
      linkedUsers: 0,
      wasActive: false,
    });
    expect(await org.delete("77", { evenIfLinked: true })).toMatchObject({ name: "Linked" });
    await expect(org.delete("77", { evenIfLinked: true })).rejects.toMatchObject({
      id: "QUERY-SAFrt",
    });
  });

  test("rejects an id that no user has, and deletes nothing", async () => {
    const { id } = await org.add(google("Free"));
    const users = ["2", "404", "3", { userId: "3", orgId: org2 }];
    const problems = [
      { path: ["users", 1], message: 'the organization has no user with the id "404"' },
      { path: ["users", 3], message: 'the organization has no user with the id "3"' },
    ];
    const reason = "linked_users";
    await expect(org.delete(id, { users })).rejects.toMatchObject({ reason, problems });
    await expect(org.countLinkedUsers(id, users)).rejects.toMatchObject({ reason, problems });
    expect(await org.get(id)).toMatchObject({ name: "Free" });
    const many = Array.from({ length: 12 }, (_, index) => `no-${index}`);
    await expect(org.delete(id, { users: many })).rejects.toThrow(/"no-9"; users: and 2 more$/);
    expect(await org.countLinkedUsers(id, ["2", "3"])).toBe(0);
  });

  test("reports that this server does not delete providers of type zitadel", async () => {
    const { id } = await org.add({
      type: "zitadel",
      name: "Z",
      issuer: "i",
      clientId: "c",
      clientSecret: "s",
    });
    await expect(org.delete(id, { evenIfLinked: true })).rejects.toMatchObject({
      reason: "not_expressible",
    });
  });

  test("reports an update that the server applied only in part", async () => {
    const added = {
      type: "zitadel",
      name: "Z",
      issuer: "i",
      clientId: "c",
      clientSecret: "s",
    } as const;
    const { id } = await org.add(added);
    await org.update(id, { clientId: "d", issuer: "j" });
    const error: unknown = await org
      .update(id, { clientId: "c", issuer: "k" })
      .catch((each: unknown) => each);
    expect(error).toMatchObject({ reason: "not_applied", problems: [{ path: ["clientId"] }] });
  });

  test("reports unknown concurrency if the numbers of events are inconclusive", async () => {
    const { id } = await org.add(google("Own"));
    await org.add(google("Other"));
    expect(await org.update(id, { clientId: "d" })).toMatchObject({ concurrent: "unknown" });
  });

  test("detects changes of other writers as far as possible", async () => {
    const { id, sequence } = await org.add(google("Own"));
    const { provider, concurrent } = await org.update(
      id,
      { clientId: "d" },
      { ifSequence: sequence },
    );
    expect(concurrent).toBe("none");
    await expect(org.update(id, { clientId: "e" }, { ifSequence: sequence })).rejects.toMatchObject(
      { reason: "changed" },
    );
    expect(await org.get(id)).toEqual(provider);
  });
});

const impossible: readonly [name: string, patch: object, reason: string, text: string][] = [
  ["a field that the type does not have", { issuer: "x" }, "invalid", "has no issuer"],
  ["a field with the wrong case", { clientid: "x" }, "invalid", "did you mean clientId?"],
  ["an unknown option", { options: { isAutoUpdates: true } }, "invalid", "options.isAutoUpdates"],
  ["too long a text", { clientId: "x".repeat(201) }, "invalid", "1 to 200 characters; it has 201"],
  [
    "too many scopes",
    { scopes: Array.from({ length: 21 }, () => "x") },
    "invalid",
    "at most 20 entries; it has 21",
  ],
  ["white space where text is needed", { clientId: " \u00a0" }, "invalid", "white space"],
  ["a secret of white space", { clientSecret: "  " }, "invalid", "white space"],
  [
    "the wrong kind of value",
    { options: { isAutoUpdate: "yes" } },
    "invalid",
    "must be true or false",
  ],
  ["clearing scopes", { scopes: [] }, "not_expressible", "cannot be cleared"],
  ["clearing a secret", { clientSecret: "" }, "not_expressible", "cannot be cleared"],
];

test.each(impossible)("rejects %s before anything is sent", async (_name, patch, reason, text) => {
  await using client = createIdpClient({ baseUrl: listener.url, auth: emulator.token });
  const providers = createProviders(client, { owner: "org" });
  const { id } = await providers.add({ ...google("Own"), scopes: ["openid"] });
  const error: unknown = await providers.update(id, patch).catch((each: unknown) => each);
  expect(error).toBeInstanceOf(ProviderError);
  expect(error).toMatchObject({ reason, message: expect.stringContaining(text) as string });
  expect(emulator.log.map(({ rpc }) => rpc)).not.toContain("UpdateGoogleProvider");
});

test("waits until lists show a provider, and a change of it", async () => {
  await using slow = createEmulator({ lagMs: 60 });
  const { url: baseUrl, token: auth, fetch } = slow;
  await using client = createIdpClient({ baseUrl, auth, fetch });
  const providers = createProviders(client, { owner: "org" });
  const { id } = await providers.add(google("Own"));
  const found: IdentityProvider[] = [];
  for await (const each of providers.list({ id })) {
    found.push(each);
  }
  expect(found).toEqual([]);
  expect(await providers.waitUntilVisible(id)).toMatchObject({ name: "Own" });
  const { provider } = await providers.update(id, { clientId: "d" });
  expect(await providers.waitUntilVisible(id, { sequence: provider.sequence })).toEqual(provider);
  await expect(providers.waitUntilVisible("404", { timeoutMs: 30 })).rejects.toMatchObject({
    reason: "timeout",
  });
});
