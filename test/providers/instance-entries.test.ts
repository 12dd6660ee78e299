import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
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
  type StateStore,
} from "../../src/providers/index.js";
import { wireNames } from "../support/wires.js";
import { useEmulator } from "../support/use-emulator.js";

const { emulator, listener } = await useEmulator();

const google = (name: string) =>
  ({ type: "google", name, clientId: "c", clientSecret: "s" }) as const;

function actionsOf({ owners }: Plan): readonly PlannedAction[] {
  return owners.flatMap(({ actions }) => actions);
}

function orgState(...providers: DesiredProviders["providers"]): DesiredState {
  return { organization: { createLoginPolicy: true, providers } };
}

async function problemsOf(client: IdpClient, desired: DesiredState): Promise<string[]> {
  try {
    await plan(client, desired);
  } catch (error) {
    if (error instanceof ProviderError) {
      return error.problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
    }
    throw error;
  }
  return [];
}

async function planAndApply(client: IdpClient, desired: DesiredState): Promise<PlannedAction[]> {
  const planned = await plan(client, desired);
  expect((await apply(client, planned, desired)).results.map(({ error }) => error)).toEqual(
    actionsOf(planned).map(() => undefined),
  );
  expect(actionsOf(await plan(client, desired))).toEqual([]);
  return [...actionsOf(planned)];
}

describe.each(wireNames)("over %s", (protocol) => {
  let client: IdpClient;
  beforeAll(() => {
    client = createIdpClient({ baseUrl: listener.url, auth: emulator.token, protocol });
  });
  afterAll(() => client.close());

  test("an organization activates and deactivates a provider of the instance, given by its name or its id", async () => {
    const instance = createProviders(client, { owner: "instance" });
    const org = createProviders(client, { owner: "org" });
    const { id } = await instance.add(google("Shared"));
    const { idpId: legacyId } = await client.admin.addOIDCIDP({
      name: "Old",
      issuer: "i",
      clientId: "c",
      clientSecret: "s",
    });
    const offered = orgState(
      google("Own"),
      { instance: true, name: "Shared", active: true },
      { instance: true, id: legacyId, active: true },
    );
    const planned = await plan(client, offered);
    expect(formatPlan(planned)).toContain(`> activate google "Shared" (${id}) of the instance`);
    expect(await planAndApply(client, offered)).toMatchObject([
      { action: "create", provider: { name: "Own" } },
      { action: "create-login-policy" },
      { action: "activate", provider: { type: "google", name: "Shared", id, owner: "instance" } },
      { action: "activate", provider: { type: "legacyOidc", id: legacyId, owner: "instance" } },
    ]);
    expect((await org.active()).ids.toSorted()).toEqual([id, legacyId].toSorted());
    expect((await instance.active()).ids).toEqual([]);

    const notOffered = orgState(google("Own"), { instance: true, id, active: false });
    expect(await planAndApply(client, notOffered)).toMatchObject([
      { action: "deactivate", provider: { id, owner: "instance" } },
    ]);
    expect((await org.active()).ids).toEqual([legacyId]);
    expect(await instance.get(id)).toMatchObject({ name: "Shared" });
  });

  test("a provider that the same state adds to the instance can be named before it exists", async () => {
    const desired: DesiredState = {
      instance: { providers: [google("Shared")] },
      organization: {
        createLoginPolicy: true,
        providers: [{ instance: true, name: "Shared", active: true }],
      },
    };
    const planned = await plan(client, desired);
    expect(actionsOf(planned)).toMatchObject([
      { action: "create", provider: { name: "Shared" } },
      { action: "create-login-policy" },
      { action: "activate", provider: { type: "google", name: "Shared", owner: "instance" } },
    ]);
    emulator.inject({
      rpc: "AddCustomLoginPolicy",
      times: 1,
      fault: { type: "status", code: 7, id: "TEST" },
    });
    const first = await apply(client, planned, desired);
    expect(first.results.map(({ status }) => status)).toEqual(["done", "failed", "skipped"]);
    const second = await apply(client, planned, desired);
    expect(second.results.map(({ action: { action }, status }) => [action, status])).toEqual([
      ["create-login-policy", "done"],
      ["activate", "done"],
    ]);
    expect(actionsOf(await plan(client, desired))).toEqual([]);
    expect((await client.admin.listProviders({})).result).toHaveLength(1);
  });

  test("in an organization that inherits the default policy, the providers of that policy are active", async () => {
    const instance = createProviders(client, { owner: "instance" });
    const { id } = await instance.add(google("Shared"));
    await instance.activate(id);
    const entry = { instance: true, name: "Shared", active: true } as const;
    expect(actionsOf(await plan(client, { organization: { providers: [entry] } }))).toEqual([]);
    const off: DesiredState = { organization: { providers: [{ ...entry, active: false }] } };
    expect(await problemsOf(client, off)).toEqual([
      expect.stringContaining(
        "organization.providers.0.active: the organization has no login policy",
      ),
    ]);
  });

  test("a plan is stale if the provider of the instance is gone", async () => {
    const instance = createProviders(client, { owner: "instance" });
    const { id } = await instance.add(google("Shared"));
    const desired = orgState({ instance: true, name: "Shared", active: true });
    const planned = await plan(client, desired);
    await instance.delete(id, { evenIfLinked: true });
    await expect(apply(client, planned, desired)).rejects.toMatchObject({ reason: "stale_plan" });
  });

  test("an entry that no provider or several providers of the instance match is a problem, and nothing is written", async () => {
    const instance = createProviders(client, { owner: "instance" });
    const one = await instance.add(google("Twice"));
    const two = await instance.add(google("Twice"));
    const own = await createProviders(client, { owner: "org" }).add(google("Own"));
    const offered = { instance: true, active: true } as const;
    const before = emulator.log.length;
    expect(
      await problemsOf(
        client,
        orgState(
          { ...offered, name: "Twice" },
          { ...offered, name: "Nobody" },
          { ...offered, id: "404" },
          { ...offered, id: own.id },
          { ...offered, active: false, name: "Not there, so not offered" },
          { ...google("Mine"), id: one.id },
          { absent: true, id: two.id },
        ),
      ),
    ).toEqual([
      // The entries below name both by their ids.
      'organization.providers.0: the instance has no provider with the name "Twice" that no other entry names by its id',
      'organization.providers.1: the instance has no provider with the name "Nobody"',
      "organization.providers.2: the instance has no provider with the id 404",
      `organization.providers.3: provider ${own.id} belongs to the organization, and not to the instance: describe it with its type and fields`,
      expect.stringContaining(
        `organization.providers.5: provider ${one.id} belongs to the instance`,
      ),
      expect.stringContaining(
        `organization.providers.6: provider ${two.id} belongs to the instance`,
      ),
    ]);
    const [ambiguous] = await problemsOf(client, orgState({ ...offered, name: "Twice" }));
    expect(ambiguous).toContain('several providers of the instance have the name "Twice"');
    expect(ambiguous).toContain(`id: "${one.id}"`);
    expect(ambiguous).toContain(`id: "${two.id}"`);
    const writes = emulator.log.slice(before).filter(({ rpc }) => !/^(Get|List)/.test(rpc ?? ""));
    expect(writes).toEqual([]);
  });
});

test("with lists that lag, an organization activates a provider that the same run has added to the instance, and nothing is done twice", async () => {
  await using lagging = createEmulator({ lagMs: 300 });
  const { url: baseUrl } = await lagging.listen();
  await using client = createIdpClient({ baseUrl, auth: lagging.token });
  let text: string | undefined;
  const store: StateStore = {
    read: () => Promise.resolve(text),
    write: (next) => {
      text = next;
      return Promise.resolve();
    },
  };
  const desired: DesiredState = {
    instance: { providers: [google("Shared")] },
    organization: {
      createLoginPolicy: true,
      providers: [{ instance: true, name: "Shared", active: true }],
    },
  };
  const options = { state: { store } };
  const planned = await plan(client, desired, options);
  expect((await apply(client, planned, desired, options)).ok).toBe(true);
  expect(actionsOf(await plan(client, desired, options))).toEqual([]);
  expect(await apply(client, planned, desired, options)).toEqual({ ok: true, results: [] });
});

test("a request for the providers of the instance is made only if an entry may name one", async () => {
  await using client = createIdpClient({ baseUrl: listener.url, auth: emulator.token });
  const listRequests = async (...providers: DesiredProviders["providers"]): Promise<number> => {
    const before = emulator.log.length;
    await plan(client, { organization: { providers } });
    return emulator.log.slice(before).filter(({ rpc }) => rpc === "ListProviders").length;
  };
  const { id } = await createProviders(client, { owner: "org" }).add(google("Own"));
  expect(await listRequests({ ...google("Own"), id })).toBe(1);
  expect(await listRequests({ instance: true, name: "Shared", active: false })).toBe(2);
  expect(await listRequests({ absent: true, id: "404" })).toBe(2);
});

test.each<[string, unknown, string]>([
  [
    "of the instance itself",
    { instance: { providers: [{ instance: true, id: "1", active: true }] } },
    "instance.providers.0.instance: is only for organizations",
  ],
  [
    "without id and name",
    orgState({ instance: true, active: true }),
    "organization.providers.0: needs the id of a provider of the instance, or its name",
  ],
  [
    "without active",
    orgState({ instance: true, id: "1" } as never),
    "organization.providers.0.active: is missing: set it to true to activate the provider",
  ],
  [
    "with active as text",
    orgState({ instance: true, id: "1", active: "yes" } as never),
    "organization.providers.0.active: must be true or false",
  ],
  [
    "with instance: false",
    orgState({ instance: false, id: "1", active: true } as never),
    "organization.providers.0.instance: must be true, or left out",
  ],
  [
    "with a field of a provider",
    orgState({ instance: true, id: "1", active: true, clientId: "c" } as never),
    "organization.providers.0.clientId: is not a known field; an entry for a provider of the instance has only id, name and active",
  ],
  [
    "that is absent too",
    orgState({ instance: true, absent: true, id: "1" } as never),
    "organization.providers.0.instance: is not a known field; an absent provider has only id, type and name",
  ],
  [
    "twice",
    orgState(
      { instance: true, name: "A", active: true },
      { instance: true, name: "A", active: false },
    ),
    "organization.providers.1: is the same provider as providers[0]",
  ],
  [
    "of a misspelt type that is absent",
    orgState({ absent: true, type: "gogle", name: "A" } as never),
    "organization.providers.0.type: must be apple, azureAd, github, githubEs, gitlab, gitlabSelfHosted, google, jwt, ldap, oauth, oidc, saml, zitadel, legacyOidc or legacyJwt; did you mean google?",
  ],
  [
    "of a misspelt legacy type that is absent",
    orgState({ absent: true, type: "legacyOIDC", id: "1" } as never),
    "did you mean legacyOidc?",
  ],
])("an entry %s is rejected before anything is sent", async (_, desired, message) => {
  await using client = createIdpClient({ baseUrl: listener.url, auth: emulator.token });
  const before = emulator.log.length;
  const problems = await problemsOf(client, desired as DesiredState);
  expect(problems).toEqual([expect.stringContaining(message)]);
  expect(emulator.log).toHaveLength(before);
});
