import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Code, createIdpClient, type IdpClient } from "zitadel-idp";
import {
  apply,
  createProviders,
  type DesiredState,
  plan,
  ProviderError,
  type Providers,
} from "../../src/providers/index.js";
import { useEmulator } from "../support/use-emulator.js";
import { wireNames } from "../support/wires.js";

const ids = { org: "1", ofOrg: "10", ofInstance: "20", human: "30" };
const legacy = { name: "Old", issuer: "https://old.example", clientId: "c", clientSecret: "s" };
const { emulator, listener } = await useEmulator({
  seed: {
    organizations: [{ id: ids.org, name: "Acme" }],
    providers: [
      { id: ids.ofOrg, owner: "Acme", rpc: "AddOrgOIDCIDP", request: legacy },
      { id: ids.ofInstance, owner: "instance", rpc: "AddOIDCIDP", request: legacy },
    ],
    humans: [
      {
        id: ids.human,
        name: "ada",
        organization: "Acme",
        links: [
          { idp: ids.ofOrg, userId: "a", userName: "ada" },
          { idp: ids.ofInstance, userId: "b", userName: "ada" },
        ],
      },
    ],
  },
});

const targets = [
  { type: "google", name: "New", clientId: "n", clientSecret: "s" },
  { type: "azureAd", name: "New", clientId: "n", clientSecret: "s" },
] as const;
const [google] = targets;

/** Returns the RPCs that changed something since a number of requests. */
function writesSince(count: number): string[] {
  return emulator.log
    .slice(count)
    .flatMap(({ rpc }) => rpc ?? [])
    .filter((rpc) => !/^(?:Get|List)/.test(rpc));
}

describe.each(wireNames)("over %s", (protocol) => {
  let client: IdpClient;
  beforeAll(() => {
    client = createIdpClient({ baseUrl: listener.url, auth: emulator.token, protocol });
  });
  afterAll(() => client.close());

  describe.each([
    { owner: "org", id: ids.ofOrg, removal: "RemoveOrgIDP", method: "management.removeOrgIDP" },
    { owner: "instance", id: ids.ofInstance, removal: "RemoveIDP", method: "admin.removeIDP" },
  ] as const)("delete of a provider of the $owner", ({ owner, id, removal, method }) => {
    let providers: Providers;
    beforeAll(() => {
      providers = createProviders(client, { owner });
    });
    const listLegacyNames = async (): Promise<string[]> =>
      owner === "org"
        ? (await client.management.listOrgIDPs({ queries: ownerQuery })).result.map(
            ({ name }) => name,
          )
        : (await client.admin.listIDPs({})).result.map(({ name }) => name);
    const ownerQuery = [{ query: { case: "ownerTypeQuery" as const, value: { ownerType: 2 } } }];
    /** Removes a provider by plan and apply, with one action. */
    const applyAbsent = async (absentId: string): Promise<void> => {
      const entries = { providers: [{ absent: true, id: absentId }] } as const;
      const desired: DesiredState =
        owner === "org" ? { organization: entries } : { instance: entries };
      const { results } = await apply(client, await plan(client, desired), desired);
      expect(results.map(({ status }) => status)).toEqual(["done"]);
    };
    const listLinks = async (): Promise<string[]> => {
      const { result } = await client.management.listHumanLinkedIDPs({ userId: ids.human });
      return result.filter(({ idpId }) => idpId === id).map(({ idpId }) => idpId);
    };

    test.each(targets)("removes both sides of a legacy IDP that is $type now", async (target) => {
      await providers.migrate(id, target);
      const before = emulator.log.length;
      expect(await providers.delete(id, { evenIfLinked: true })).toEqual({
        id,
        name: "New",
        wasActive: false,
      });
      expect(writesSince(before)).toEqual(["DeleteProvider", removal]);
      expect([await listLegacyNames(), await listLinks()]).toEqual([[], []]);
      // The name is free again.
      await (owner === "org"
        ? client.management.addOrgOIDCIDP(legacy)
        : client.admin.addOIDCIDP(legacy));
    });

    test("rejects a migrated legacy JWT IDP, which keeps its config, and names the plan that removes it", async () => {
      const jwt = { name: "J", issuer: "i", jwtEndpoint: "j", keysEndpoint: "k", headerName: "h" };
      const template = { case: "google" as const, value: { clientId: "n", clientSecret: "s" } };
      const { idpId } = await (owner === "org"
        ? client.management.addOrgJWTIDP(jwt)
        : client.admin.addJWTIDP(jwt));
      await (owner === "org" ? client.management : client.admin).migrateGenericOIDCProvider({
        id: idpId,
        template,
      });
      await expect(providers.delete(idpId, { evenIfLinked: true })).rejects.toMatchObject({
        reason: "read_only",
      });
      await applyAbsent(idpId);
      expect(await listLegacyNames()).toEqual(["Old"]);
      await expect(providers.get(idpId)).rejects.toMatchObject({ code: Code.NotFound });
    });

    test("removes neither side if users are linked", async () => {
      await providers.migrate(id, google);
      const before = emulator.log.length;
      await expect(providers.delete(id, { users: [ids.human] })).rejects.toMatchObject({
        reason: "linked_users",
      });
      expect(writesSince(before)).toEqual([]);
    });

    test("needs no RPC for legacy IDPs if the provider never was one", async () => {
      const { id: added } = await providers.add({ ...google, name: "Always Google" });
      const before = emulator.log.length;
      await providers.delete(added, { evenIfLinked: true });
      expect(writesSince(before)).toEqual(["DeleteProvider"]);
    });

    test("reports what is left if only the legacy side stays, and a plan removes that", async () => {
      await providers.migrate(id, google);
      const fault = emulator.inject({
        rpc: removal,
        fault: { type: "status", code: Code.PermissionDenied, id: "AUTH-5mWD2" },
      });
      const failure = await providers
        .delete(id, { evenIfLinked: true })
        .catch((reason: unknown) => reason);
      fault.remove();
      expect(failure).toBeInstanceOf(ProviderError);
      expect(failure).toMatchObject({
        reason: "partly_done",
        providerId: id,
        problems: [
          {
            message: expect.stringContaining(
              `the provider was deleted (id ${id}), but a later step failed. The legacy IDP that it was before a migration may be left: list { absent: true, id: "${id}" } in a file for plan and apply, or call ${method}. Cause:`,
            ) as unknown,
          },
        ],
      });
      await applyAbsent(id);
      expect(await listLegacyNames()).toEqual([]);
    });

    test.each(["DeleteProvider", removal])(
      "removes both sides once if the response of %s is lost",
      async (rpc) => {
        await providers.migrate(id, google);
        emulator.inject({ rpc, times: 1, fault: { type: "drop", when: "after" } });
        await providers.delete(id, { evenIfLinked: true });
        expect([await listLegacyNames(), await listLinks()]).toEqual([[], []]);
      },
    );
  });
});
