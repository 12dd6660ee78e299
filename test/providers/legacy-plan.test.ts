import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Code, createIdpClient, type IdpClient } from "zitadel-idp";
import {
  apply,
  createProviders,
  type DesiredProviders,
  type DesiredState,
  formatPlan,
  type Plan,
  plan,
  type PlannedAction,
  ProviderError,
} from "../../src/providers/index.js";
import { collect } from "../../src/utils/collect.js";
import { wireNames } from "../support/wires.js";
import { useEmulator } from "../support/use-emulator.js";

const { emulator, listener } = await useEmulator();

const oidc = { name: "Old", issuer: "https://old.example", clientId: "c", clientSecret: "s" };
const jwt = {
  name: "Old JWT",
  issuer: "https://old.example",
  jwtEndpoint: "https://old.example/jwt",
  keysEndpoint: "https://old.example/keys",
  headerName: "x-jwt",
};

const halfRemoved =
  "Only its legacy record is left, because DeleteProvider removes only the other record: give the entry the type legacyOidc, or none";

function actionsOf({ owners }: Plan): readonly PlannedAction[] {
  return owners.flatMap(({ actions }) => actions);
}

async function planProblems(client: IdpClient, desired: DesiredState): Promise<string[]> {
  try {
    await plan(client, desired);
  } catch (error) {
    if (error instanceof ProviderError) {
      return error.problems.map(({ message }) => message);
    }
    throw error;
  }
  return [];
}

function rpcsSince(count: number): string[] {
  return emulator.log.slice(count).flatMap(({ rpc }) => rpc ?? []);
}

/** The RPCs on legacy IDPs of each owner, by the same names. */
function legacyApi(client: IdpClient, owner: "org" | "instance") {
  const { management, admin } = client;
  return owner === "org"
    ? {
        add: async () => (await management.addOrgOIDCIDP(oidc)).idpId,
        addJwt: async () => (await management.addOrgJWTIDP(jwt)).idpId,
        list: async () => (await management.listOrgIDPs({})).result.map(({ id }) => id),
        deactivate: async (idpId: string) => void (await management.deactivateOrgIDP({ idpId })),
        removal: "RemoveOrgIDP",
      }
    : {
        add: async () => (await admin.addOIDCIDP(oidc)).idpId,
        addJwt: async () => (await admin.addJWTIDP(jwt)).idpId,
        list: async () => (await admin.listIDPs({})).result.map(({ id }) => id),
        deactivate: async (idpId: string) => void (await admin.deactivateIDP({ idpId })),
        removal: "RemoveIDP",
      };
}

describe.each(wireNames)("over %s", (protocol) => {
  let client: IdpClient;
  beforeAll(() => {
    client = createIdpClient({ baseUrl: listener.url, auth: emulator.token, protocol });
  });
  afterAll(() => client.close());

  describe.each(["org", "instance"] as const)("an absent legacy IDP of the %s", (owner) => {
    const stateOf = (...providers: DesiredProviders["providers"]): DesiredState =>
      owner === "org" ? { organization: { providers } } : { instance: { providers } };

    test("is removed by the RPC for legacy IDPs, found by its id or by its type and name", async () => {
      const legacy = legacyApi(client, owner);
      const id = await legacy.add();
      await legacy.addJwt();
      const desired = stateOf(
        { absent: true, id },
        { absent: true, type: "legacyJwt", name: "Old JWT" },
        { absent: true, type: "legacyOidc", name: "Never there" },
      );
      const planned = await plan(client, desired);
      expect(actionsOf(planned)).toMatchObject([
        { action: "delete", provider: { type: "legacyOidc", name: "Old", id } },
        { action: "delete", provider: { type: "legacyJwt", name: "Old JWT" } },
      ]);
      expect(formatPlan(planned)).toContain(`- delete legacyOidc "Old" (${id})`);

      const before = emulator.log.length;
      // A plan is plain data: it survives JSON.
      const stored = JSON.parse(JSON.stringify(planned)) as Plan;
      const { ok, results } = await apply(client, stored, desired);
      expect([ok, results.length]).toEqual([true, 2]);
      const writes = rpcsSince(before).filter((rpc) => !/^(Get|List)/.test(rpc));
      expect(writes).toEqual([legacy.removal, legacy.removal]);
      expect(await legacy.list()).toEqual([]);
      expect(actionsOf(await plan(client, desired))).toEqual([]);
      expect((await apply(client, stored, desired)).results).toEqual([]);
    });

    test("is removed with its type, if the entry has the type and the id", async () => {
      const legacy = legacyApi(client, owner);
      const id = await legacy.add();
      const wrong = stateOf({ absent: true, id, type: "legacyJwt" });
      expect(await planProblems(client, wrong)).toEqual([
        expect.stringContaining(`provider ${id} is of type legacyOidc, not legacyJwt`),
      ]);
      const right = stateOf({ absent: true, id, type: "legacyOidc" });
      expect((await apply(client, await plan(client, right), right)).ok).toBe(true);
      expect(await legacy.list()).toEqual([]);
    });

    test("is not removed by a plan from before a change of it", async () => {
      const legacy = legacyApi(client, owner);
      const id = await legacy.add();
      const desired = stateOf({ absent: true, id });
      const planned = await plan(client, desired);
      await legacy.deactivate(id);
      await expect(apply(client, planned, desired)).rejects.toMatchObject({ reason: "stale_plan" });
      const migrated = await plan(client, desired);
      const target = { type: "google", name: "New", clientId: "n", clientSecret: "s" } as const;
      await createProviders(client, { owner }).migrate(id, target);
      await expect(apply(client, migrated, desired)).rejects.toMatchObject({
        reason: "stale_plan",
      });
    });

    test("is gone after a removal whose response is lost, and nothing is sent twice", async () => {
      const legacy = legacyApi(client, owner);
      const id = await legacy.add();
      const desired = stateOf({ absent: true, id });
      emulator.inject({ rpc: legacy.removal, times: 1, fault: { type: "drop", when: "after" } });
      const planned = await plan(client, desired);
      const first = await apply(client, planned, desired);
      expect(await legacy.list()).toEqual([]);
      // A retry finds the legacy IDP gone, and so knows that the lost call has removed it.
      expect(first.results.map(({ status }) => status)).toEqual(["done"]);
      expect(await apply(client, planned, desired)).toEqual({ ok: true, results: [] });
    });

    describe("that DeleteProvider removed only in part", () => {
      /** Adds a legacy IDP of which only the legacy API has something left, with or without a migration before. */
      const addHalf = async (isMigrated: boolean): Promise<string> => {
        const id = await legacyApi(client, owner).add();
        const providers = createProviders(client, { owner });
        if (isMigrated) {
          const target = { type: "google", name: "New", clientId: "n", clientSecret: "s" } as const;
          await providers.migrate(id, target);
        }
        await (owner === "org" ? client.management : client.admin).deleteProvider({ id });
        return id;
      };

      test.each([
        ["its id", false, (id: string) => ({ absent: true, id }) as const],
        ["its id after a migration", true, (id: string) => ({ absent: true, id }) as const],
        [
          "its id and the type that it had at the end",
          true,
          (id: string) => ({ absent: true, id, type: "google" }) as const,
        ],
        [
          "its id and its type",
          true,
          (id: string) => ({ absent: true, id, type: "legacyOidc" }) as const,
        ],
        [
          "its type and name",
          false,
          () => ({ absent: true, type: "legacyOidc", name: "Old" }) as const,
        ],
      ])("is removed, found by %s", async (_, isMigrated, entryOf) => {
        const legacy = legacyApi(client, owner);
        const id = await addHalf(isMigrated);
        const desired = stateOf(entryOf(id));
        const planned = await plan(client, desired);
        expect(actionsOf(planned)).toMatchObject([
          { action: "delete", provider: { type: "legacyOidc", name: "Old", id }, reason: "absent" },
        ]);
        const before = emulator.log.length;
        const { ok, results } = await apply(client, planned, desired);
        expect([ok, results.map(({ status }) => status)]).toEqual([true, ["done"]]);
        expect(rpcsSince(before).filter((rpc) => !/^(Get|List)/.test(rpc))).toEqual([
          legacy.removal,
        ]);
        expect(await legacy.list()).toEqual([]);
        expect(actionsOf(await plan(client, desired))).toEqual([]);
        expect(await apply(client, planned, desired)).toEqual({ ok: true, results: [] });
        // The name is free again.
        await legacy.add();
      });

      test.each([
        ["its id", (id: string) => ({ absent: true, id }) as const],
        ["its type and name", () => ({ absent: true, type: "google", name: "New" }) as const],
      ])(
        "is never the result for a migrated one that is found by %s, because both parts are removed",
        async (_, entryOf) => {
          const legacy = legacyApi(client, owner);
          const id = await legacy.add();
          const target = { type: "google", name: "New", clientId: "n", clientSecret: "s" } as const;
          await createProviders(client, { owner }).migrate(id, target);
          const desired = stateOf(entryOf(id));
          const planned = await plan(client, desired);
          expect(actionsOf(planned)).toMatchObject([
            { action: "delete", provider: { type: "google", name: "New", id } },
            { action: "delete", provider: { type: "legacyOidc", name: "Old", id } },
          ]);
          const { results } = await apply(client, planned, desired);
          expect(results.map(({ status }) => status)).toEqual(["done", "done"]);
          expect(await legacy.list()).toEqual([]);
          expect(actionsOf(await plan(client, desired))).toEqual([]);
        },
      );

      test("is removed by the next run if the first one removes the provider only", async () => {
        const legacy = legacyApi(client, owner);
        const id = await legacy.add();
        const target = { type: "google", name: "New", clientId: "n", clientSecret: "s" } as const;
        await createProviders(client, { owner }).migrate(id, target);
        const desired = stateOf({ absent: true, id });
        const planned = await plan(client, desired);
        const fault = emulator.inject({
          rpc: legacy.removal,
          fault: { type: "status", code: Code.Internal },
        });
        const first = await apply(client, planned, desired);
        expect(first.results.map(({ status }) => status)).toEqual(["done", "failed"]);
        fault.remove();
        const second = await apply(client, planned, desired);
        expect(second.results.map(({ status }) => status)).toEqual(["done"]);
        expect(await legacy.list()).toEqual([]);
      });

      test("is a problem if the entry has the other legacy type", async () => {
        const id = await addHalf(false);
        expect(
          await planProblems(client, stateOf({ absent: true, id, type: "legacyJwt" })),
        ).toEqual([`provider ${id} is of type legacyOidc, not legacyJwt. ${halfRemoved}`]);
      });

      test("is not removed by a plan from before a change of it", async () => {
        const legacy = legacyApi(client, owner);
        const desired = stateOf({ absent: true, id: await addHalf(false) });
        const planned = await plan(client, desired);
        await legacy.deactivate(await legacy.list().then(([id = ""]) => id));
        await expect(apply(client, planned, desired)).rejects.toMatchObject({
          reason: "stale_plan",
        });
      });

      test("is gone after a removal whose response is lost", async () => {
        const legacy = legacyApi(client, owner);
        const desired = stateOf({ absent: true, id: await addHalf(true) });
        emulator.inject({ rpc: legacy.removal, times: 1, fault: { type: "drop", when: "after" } });
        const { results } = await apply(client, await plan(client, desired), desired);
        expect(results.map(({ status }) => status)).toEqual(["done"]);
        expect(await legacy.list()).toEqual([]);
      });

      test("stays if no entry lists it as absent", async () => {
        await addHalf(true);
        expect(actionsOf(await plan(client, stateOf()))).toEqual([]);
        const google = {
          type: "google",
          name: "Old",
          clientId: "c",
          clientSecret: "s",
        } as const;
        expect(actionsOf(await plan(client, stateOf(google)))).toMatchObject([
          { action: "create", provider: { type: "google", name: "Old" } },
        ]);
      });
    });

    test("may be removed by somebody else in between", async () => {
      const legacy = legacyApi(client, owner);
      const desired = stateOf({ absent: true, id: await legacy.add() });
      const planned = await plan(client, desired);
      expect((await apply(client, planned, desired)).results).toHaveLength(1);
      expect(await apply(client, planned, desired)).toEqual({ ok: true, results: [] });
    });
  });

  test("a provider with the name of a legacy IDP is a problem that names the ways out", async () => {
    const { idpId: id } = await client.management.addOrgOIDCIDP(oidc);
    const google = { type: "google", name: "Old", clientId: "c", clientSecret: "s" } as const;
    const desired: DesiredState = { organization: { providers: [google] } };
    const before = emulator.log.length;
    expect(await planProblems(client, desired)).toEqual([
      `there is a legacy IDP of this name (legacyOidc, ${id}), and a second provider of the name would be added beside it. To keep its id and the accounts of its users, migrate it to azureAd or google. To replace it, list { absent: true, id: "${id}" } too; to keep both, give the new provider another name`,
    ]);
    expect(rpcsSince(before).filter((rpc) => !/^(Get|List)/.test(rpc))).toEqual([]);

    const both: DesiredState = {
      organization: { providers: [google, { absent: true, id }] },
    };
    expect((await apply(client, await plan(client, both), both)).ok).toBe(true);
    expect((await client.management.listProviders({})).result.map(({ name }) => name)).toEqual([
      "Old",
    ]);
    expect(actionsOf(await plan(client, both))).toEqual([]);
  });

  test("a legacy JWT IDP cannot be migrated, so its problem does not offer that", async () => {
    await client.management.addOrgJWTIDP(jwt);
    const named = { ...jwt, type: "jwt" } as const;
    const [problem] = await planProblems(client, { organization: { providers: [named] } });
    expect(problem).toContain("there is a legacy IDP of this name (legacyJwt");
    expect(problem).not.toContain("migrate");
  });

  test("an entry with the id of a legacy IDP is a problem, because only a migration changes its type", async () => {
    const { idpId: id } = await client.management.addOrgOIDCIDP(oidc);
    const entry = { type: "google", id, name: "Old", clientId: "c", clientSecret: "s" } as const;
    const [problem] = await planProblems(client, { organization: { providers: [entry] } });
    expect(problem).toContain("is of type legacyOidc, not google. To keep its id");
  });
});

test("a legacy IDP is read under the name by which lists show it, with the sequence of its latest change", async () => {
  await using client = createIdpClient({ baseUrl: listener.url, auth: emulator.token });
  const org = createProviders(client, { owner: "org" });
  const { idpId: id } = await client.management.addOrgOIDCIDP(oidc);
  const before = await org.get(id);
  // Lists and the login page show the name of the provider API, which this update changes.
  await client.management.updateGenericOIDCProvider({ id, ...oidc, name: "Shown" });
  const after = await org.get(id);
  expect(after).toMatchObject({ type: "legacyOidc", name: "Shown", clientId: "c" });
  expect(Number(after.sequence)).toBeGreaterThan(Number(before.sequence));
  expect(await org.find("Shown")).toEqual(after);
  expect(await org.waitUntilVisible(id, { sequence: after.sequence })).toEqual(after);
  await client.management.deactivateOrgIDP({ idpId: id });
  const inactive = await org.get(id);
  expect(inactive).toMatchObject({ state: "inactive", name: "Shown" });
  expect(await org.waitUntilVisible(id, { sequence: inactive.sequence })).toEqual(inactive);
});

test("a legacy JWT IDP of the instance is read with its header and its owner", async () => {
  await using client = createIdpClient({ baseUrl: listener.url, auth: emulator.token });
  const { idpId: id } = await client.admin.addJWTIDP(jwt);
  const instance = createProviders(client, { owner: "instance" });
  const [listed] = await collect(instance.list());
  expect(listed).toMatchObject({ id, type: "legacyJwt", headerName: "x-jwt" });
  expect(await instance.get(id)).toEqual(listed);
});
