import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import {
  apply,
  createProviders,
  type DesiredProviders,
  type DesiredState,
  exportProviders,
  plan,
  type ProviderSettings,
} from "../../src/providers/index.js";
import { exportOwner } from "../../src/providers/plan/export-owner.js";
import { createRandom, type Random } from "../support/random-message.js";
import { fieldsOf, providerTypeNames, randomSettings } from "../support/random-settings.js";
import { wireNames } from "../support/wires.js";
import { useEmulator } from "../support/use-emulator.js";

const source = "11";
const empty = "12";
const { listener } = await useEmulator({
  seed: {
    organizations: [
      { id: source, name: "Source" },
      { id: empty, name: "Empty" },
    ],
    serviceUsers: [
      { name: "owner", organization: source, token: "tok", instanceRoles: ["IAM_OWNER"] },
    ],
  },
});

/** The providers and policies of one instance, made at random. */
interface RandomInstance {
  readonly secrets: ReadonlyMap<string, Partial<ProviderSettings>>;
  readonly legacyIds: readonly string[];
  readonly offeredLegacyIds: readonly string[];
}

/** Returns the secrets of settings, which no export contains. */
function secretsOf(settings: ProviderSettings): Partial<ProviderSettings> {
  const fields = fieldsOf(settings.type);
  return Object.fromEntries(
    Object.entries(settings).filter(([field]) => fields[field]?.secret === true),
  );
}

const keyOf = ({ type, name = "" }: ProviderSettings): string =>
  JSON.stringify([type, name.trim()]);

/** Adds providers of all types, legacy IDPs, and login policies that offer some of them. */
async function makeRandomInstance(client: IdpClient, random: Random): Promise<RandomInstance> {
  const org = createProviders(client, { owner: "org" });
  const instance = createProviders(client, { owner: "instance" });
  const secrets = new Map<string, Partial<ProviderSettings>>();
  const own: string[] = [];
  for (const type of providerTypeNames) {
    for (const round of [1, 2]) {
      const made = randomSettings(type, random);
      // A file tells providers of the same type apart by their names.
      const settings = {
        ...made,
        name: `${(made.name ?? "").slice(0, 190)}${round === 1 ? "" : " 2"}`,
      };
      const required = (fieldsOf(type)["name"]?.min ?? 0) > 0 && settings.name.trim() === "";
      const named = required ? { ...settings, name: `${type} ${round}` } : settings;
      const { id } = await org.add(named);
      secrets.set(keyOf(named), secretsOf(named));
      if (type !== "zitadel") {
        own.push(id);
      }
    }
  }
  const shared: string[] = [];
  const names = ["Shared", "Shared", "", " padded ", "${NOT_A_VARIABLE}"];
  for (const [index, name] of names.entries()) {
    const type = random.pick(["google", "github", "gitlab", "apple"] as const);
    shared.push((await instance.add({ ...randomSettings(type, random), name })).id);
    const legacy = { name: `old ${index}`, issuer: "i", clientId: "c", clientSecret: "s" };
    shared.push((await client.admin.addOIDCIDP(legacy)).idpId);
  }
  const legacyIds: string[] = [];
  for (const name of ["Old", "Grüße #:- 'x'\n${NOT_A_VARIABLE}", "\u001b[31m"]) {
    const oidc = { name, issuer: "i", clientId: "c", clientSecret: "s" };
    const jwt = {
      name: `${name} jwt`,
      issuer: "i",
      jwtEndpoint: "j",
      keysEndpoint: "k",
      headerName: "h",
    };
    legacyIds.push((await client.management.addOrgOIDCIDP(oidc)).idpId);
    legacyIds.push((await client.management.addOrgJWTIDP(jwt)).idpId);
  }
  const some = (ids: readonly string[]): string[] => ids.filter(() => random.chance(0.4));
  for (const id of some(shared)) {
    await instance.activate(id);
  }
  await client.management.addCustomLoginPolicy({ allowExternalIdp: true });
  const offeredLegacyIds = some(legacyIds);
  for (const id of [...some(own), ...some(shared), ...offeredLegacyIds]) {
    await org.activate(id);
  }
  return { secrets, legacyIds, offeredLegacyIds };
}

/** Adds the secrets to an export, as a person does with the file. */
function withSecrets(
  { providers, ...exported }: DesiredProviders,
  secrets: RandomInstance["secrets"],
): DesiredProviders {
  return {
    ...exported,
    providers: providers.map((entry) =>
      entry.type === undefined || "absent" in entry
        ? entry
        : ({ ...entry, ...secrets.get(keyOf(entry)) } as typeof entry),
    ),
  };
}

describe.each(wireNames)("over %s", (protocol) => {
  test.each([1, 2])(
    "an export of everything makes an empty organization the same, except for legacy IDPs, which it names (seed %d)",
    async (seed) => {
      const options = { baseUrl: listener.url, auth: "tok", protocol };
      await using client = createIdpClient({ ...options, orgId: source });
      await using target = createIdpClient({ ...options, orgId: empty });
      const random = createRandom(20261126 + seed);
      const { secrets, legacyIds, offeredLegacyIds } = await makeRandomInstance(client, random);

      const { desired, leftOut } = await exportOwner(client, { owner: "org" }, {});
      expect(desired).toEqual(await exportProviders(client, { owner: "org" }));
      expect(leftOut.map(({ id }) => id).toSorted()).toEqual(legacyIds.toSorted());
      const offered = leftOut.filter(({ active }) => active).map(({ id }) => id);
      expect(offered.toSorted()).toEqual(offeredLegacyIds.toSorted());

      // Convert to JSON and back, like a file.
      const copy = JSON.parse(JSON.stringify(withSecrets(desired, secrets))) as DesiredProviders;
      const state: DesiredState = { organization: copy };
      const here = await plan(client, state);
      expect(here.owners[0]).toMatchObject({ actions: [], unchanged: desired.providers.length });
      expect(here.owners[0]?.unmanaged).toBe(legacyIds.length);

      const result = await apply(target, await plan(target, state), state);
      expect(result.results.filter(({ status }) => status !== "done")).toEqual([]);
      expect((await plan(target, state)).owners[0]?.actions).toEqual([]);
      expect(await exportProviders(target, { owner: "org" })).toEqual(desired);
    },
  );
});

describe("an export", () => {
  const google = (name: string) =>
    ({ type: "google", name, clientId: "c", clientSecret: "s" }) as const;
  let client: IdpClient;
  beforeAll(() => {
    client = createIdpClient({ baseUrl: listener.url, auth: "tok", orgId: source });
  });
  afterAll(() => client.close());

  async function offerShared(): Promise<string> {
    const instance = createProviders(client, { owner: "instance" });
    const { id } = await instance.add(google("Shared"));
    await instance.activate(id);
    return id;
  }

  test("of an organization that inherits the login policy names no provider of the instance", async () => {
    await offerShared();
    await createProviders(client, { owner: "org" }).add(google("Own"));
    const exported = await exportProviders(client, { owner: "org" });
    expect(exported).toEqual({
      providers: [{ type: "google", name: "Own", clientId: "c", active: false }],
    });
  });

  test("names a provider that only the default policy offers, so that a copy of that policy deactivates it", async () => {
    const id = await offerShared();
    await client.management.addCustomLoginPolicy({ allowExternalIdp: true });
    expect(await exportProviders(client, { owner: "org" })).toEqual({
      createLoginPolicy: true,
      providers: [{ instance: true, name: "Shared", active: false }],
    });
    expect(await exportProviders(client, { owner: "org" }, { ids: true })).toEqual({
      createLoginPolicy: true,
      providers: [{ instance: true, id, name: "Shared", active: false }],
    });
    expect(await exportProviders(client, { owner: "org" }, { active: false })).toEqual({
      providers: [],
    });
  });

  test("of the instance sets no createLoginPolicy, because the instance always has a policy", async () => {
    await offerShared();
    expect(await exportProviders(client, { owner: "instance" })).toEqual({
      providers: [{ type: "google", name: "Shared", clientId: "c", active: true }],
    });
  });
});
