import { describe, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
import {
  apply,
  createProviders,
  type DesiredState,
  exportProviders,
  formatPlan,
  type IdentityProvider,
  type OwnerPlan,
  type Plan,
  plan,
  type PlannedAction,
  ProviderError,
} from "../../src/providers/index.js";
import { createRandom } from "../support/random-message.js";
import { providerTypeNames, randomSettings } from "../support/random-settings.js";
import { wireNames } from "../support/wires.js";
import { useEmulator } from "../support/use-emulator.js";
import { createMemoryStore } from "../support/memory-store.js";

const { emulator, listener, client } = await useEmulator();

const seed = 20261122;
const google = {
  type: "google",
  name: "Google",
  clientId: "g",
  clientSecret: "s3cret-of-google",
} as const;
const acme = {
  type: "oidc",
  name: "Acme",
  issuer: "https://acme.example",
  clientId: "a",
  clientSecret: "s3cret-of-acme",
  scopes: ["openid", "email"],
} as const;

function actionsOf({ owners }: Plan): PlannedAction[] {
  return owners.flatMap(({ actions }) => actions);
}

function names(planned: Plan): string[] {
  return actionsOf(planned).map((each) =>
    "provider" in each ? `${each.action} ${each.provider.name}` : each.action,
  );
}

async function all(owner: "org" | "instance" = "org"): Promise<IdentityProvider[]> {
  const found: IdentityProvider[] = [];
  for await (const each of createProviders(client, { owner }).list()) {
    found.push(each);
  }
  return found.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

async function planAndApply(desired: DesiredState, options: Parameters<typeof plan>[2] = {}) {
  const planned = await plan(client, desired, options);
  return { planned, result: await apply(client, planned, desired, options) };
}

describe.each(wireNames)("over %s", (protocol) => {
  test("an export of random providers of every type needs no action, and neither do the providers that it creates elsewhere", async () => {
    await using zitadel = createIdpClient({
      baseUrl: listener.url,
      auth: emulator.token,
      protocol,
    });
    const random = createRandom(seed);
    for (const owner of ["org", "instance"] as const) {
      const providers = createProviders(zitadel, { owner });
      for (const type of [...providerTypeNames, ...providerTypeNames]) {
        await providers.add(randomSettings(type, random));
      }
      const exported = await exportProviders(zitadel, { owner });
      const desired: DesiredState =
        owner === "org" ? { organization: exported } : { instance: exported };
      // Convert to JSON and back, like a file.
      const read = JSON.parse(JSON.stringify(desired)) as DesiredState;
      expect(actionsOf(await plan(zitadel, read))).toEqual([]);
      expect(exported.providers).toHaveLength(2 * providerTypeNames.length);
    }
  });
});

test("adds, activates, changes, deactivates and deletes providers, and then needs no further action", async () => {
  const first: DesiredState = {
    organization: { createLoginPolicy: true, providers: [{ ...google, active: true }, acme] },
  };
  const { planned, result } = await planAndApply(first);
  expect(names(planned)).toEqual([
    "create Google",
    "create Acme",
    "create-login-policy",
    "activate Google",
  ]);
  expect(result.ok).toBe(true);
  expect(actionsOf(await plan(client, first))).toEqual([]);

  const second: DesiredState = {
    organization: {
      providers: [
        { ...google, active: false, options: { isAutoUpdate: true } },
        { absent: true, type: "oidc", name: "Acme" },
      ],
    },
  };
  const next = await planAndApply(second);
  expect(names(next.planned)).toEqual(["update Google", "deactivate Google", "delete Acme"]);
  expect(next.result.ok).toBe(true);
  expect((await all()).map(({ name }) => name)).toEqual(["Google"]);
  const done = await plan(client, second);
  expect(actionsOf(done)).toEqual([]);
  expect(formatPlan(done)).toBe("Nothing to do: 1 unchanged, 1 already absent, 0 not listed.");
});

test("reports why users do not see an activated provider", async () => {
  await client.management.addCustomLoginPolicy({ allowUsernamePassword: true });
  const { result } = await planAndApply({
    organization: { providers: [{ ...google, active: true }] },
  });
  expect(result.results.flatMap(({ warnings = [] }) => warnings).join()).toContain(
    "allowExternalIdp",
  );
});

test("sends no write if no action is needed", async () => {
  const desired = { organization: { providers: [google, acme] } };
  await planAndApply(desired);
  const before = emulator.log.length;
  const { result } = await planAndApply(desired);
  expect(result).toEqual({ ok: true, results: [] });
  const rpcs = emulator.log.slice(before).map(({ rpc }) => rpc);
  expect(new Set(rpcs)).toEqual(new Set(["ListOrgIDPs", "ListProviders"]));
});

test("the order of scopes has no meaning", async () => {
  await planAndApply({ organization: { providers: [acme] } });
  const turned = { ...acme, scopes: ["email", "openid", "email"] };
  expect(actionsOf(await plan(client, { organization: { providers: [turned] } }))).toEqual([]);
});

test("a plan contains no secret, neither as data nor as text", async () => {
  const planned = await plan(client, { organization: { providers: [google, acme] } });
  for (const text of [JSON.stringify(planned), formatPlan(planned)]) {
    expect(text).not.toContain("s3cret");
  }
  expect(formatPlan(planned)).toContain("clientSecret: (set)");
});

test("a plan as text contains no control sequences of terminals", async () => {
  const name = "\u001b[2J\u009b31m\u202e";
  const planned = await plan(client, {
    organization: { providers: [{ ...google, name, clientId: name }] },
  });
  // oxlint-disable-next-line no-control-regex
  expect(formatPlan(planned)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

test("rejects a stale plan before it writes anything", async () => {
  await planAndApply({ organization: { providers: [google, acme] } });
  const desired: DesiredState = {
    organization: {
      providers: [
        { ...google, clientId: "new" },
        { ...acme, usePkce: true },
      ],
    },
  };
  const planned = await plan(client, desired);
  const [, other] = await all();
  await createProviders(client, { owner: "org" }).update(other?.id ?? "", {
    clientId: "by somebody else",
  });
  const before = await all();
  await expect(apply(client, planned, desired)).rejects.toMatchObject({ reason: "stale_plan" });
  expect(await all()).toEqual(before);
});

test("a plan that was stored as JSON can be applied, and applied again", async () => {
  const desired: DesiredState = {
    organization: { createLoginPolicy: true, providers: [{ ...google, active: true }] },
  };
  const kept = JSON.parse(JSON.stringify(await plan(client, desired))) as Plan;
  expect((await apply(client, kept, desired)).ok).toBe(true);
  expect(await apply(client, kept, desired)).toEqual({ ok: true, results: [] });
  expect(await all()).toHaveLength(1);
});

const state = { key: "a key of sixteen characters or more" };

test("with a state, a changed secret is rotated, and an unchanged secret is not sent", async () => {
  const options = { state: { ...state, store: createMemoryStore() } };
  const desired = { organization: { providers: [google] } };
  await planAndApply(desired, options);
  expect(actionsOf(await plan(client, desired, options))).toEqual([]);
  const rotated = {
    organization: { providers: [{ ...google, clientSecret: "s3cret-number-two" }] },
  };
  const { planned } = await planAndApply(rotated, options);
  expect(actionsOf(planned)).toMatchObject([
    { action: "update", changes: [], secrets: { clientSecret: "rotate" } },
  ]);
  expect(actionsOf(await plan(client, rotated, options))).toEqual([]);
  expect(options.state.store.text).not.toContain("s3cret");
});

test("without a state, a secret is sent again only if its provider is named", async () => {
  const desired = { organization: { providers: [google, acme] } };
  await planAndApply(desired);
  const planned = await plan(client, desired, { rotate: ["Google"] });
  expect(names(planned)).toEqual(["update Google"]);
  for (const rotate of ["Gogle", "Acme"]) {
    const { clientSecret: _, ...silent } = acme;
    await expect(
      plan(client, { organization: { providers: [google, silent] } }, { rotate: [rotate] }),
    ).rejects.toMatchObject({ reason: "invalid" });
  }
});

test("prunes only providers that an earlier apply added", async () => {
  const options = { state: { ...state, store: createMemoryStore() } };
  await createProviders(client, { owner: "org" }).add({ ...google, name: "by hand" });
  await planAndApply({ organization: { providers: [google, acme] } }, options);
  const fewer: DesiredState = { organization: { prune: true, providers: [google] } };
  expect(names((await planAndApply(fewer, options)).planned)).toEqual(["delete Acme"]);
  expect((await all()).map(({ name }) => name)).toEqual(["by hand", "Google"]);
});

const refused: readonly { name: string; desired: unknown; reason: string; problems: string[] }[] = [
  {
    name: "unknown fields and types",
    desired: {
      organization: { providers: [{ type: "gogle" }, { ...google, clientid: "x" }], prun: true },
      organisation: {},
    },
    reason: "invalid",
    problems: [
      "organisation",
      "organization.prun",
      "organization.providers[0].type",
      "organization.providers[1].clientid",
    ],
  },
  {
    name: "two entries for the same provider",
    desired: { organization: { providers: [google, google] } },
    reason: "invalid",
    problems: ["organization.providers[1]"],
  },
  {
    name: "an unknown id",
    desired: { organization: { providers: [{ ...google, id: "1" }] } },
    reason: "not_expressible",
    problems: ["organization.providers[0]"],
  },
  {
    name: "an add without its secret",
    desired: { organization: { providers: [{ type: "google", clientId: "x" }] } },
    reason: "not_expressible",
    problems: ["organization.providers[0].clientSecret"],
  },
  {
    name: "active providers in an organization without a login policy",
    desired: { organization: { providers: [{ ...google, active: true }] } },
    reason: "not_expressible",
    problems: ["organization.providers[0].active"],
  },
];

test.each(refused)(
  "rejects $name, and locates each problem",
  async ({ desired, reason, problems }) => {
    const error = await plan(client, desired as DesiredState).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(ProviderError);
    const { reason: actual, problems: found } = error as ProviderError;
    expect(actual).toBe(reason);
    expect(found.map(({ path }) => pathText(path)).toSorted()).toEqual(problems.toSorted());
  },
);

function pathText(path: readonly (string | number)[]): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .slice(1);
}

test("does not change the type of a provider, and does not add a second one of the same name by accident", async () => {
  await planAndApply({ organization: { providers: [acme] } });
  const other = { ...randomSettings("saml", createRandom(1), "Acme") };
  await expect(plan(client, { organization: { providers: [other] } })).rejects.toThrow(
    "of type oidc",
  );
  const both = await planAndApply({ organization: { providers: [acme, other] } });
  expect(both.result.ok).toBe(true);
});

test("continues with other organizations if one fails, and reports what was not done", async () => {
  const others: OwnerPlan["owner"][] = [];
  const fresh = createEmulator({
    seed: { organizations: ["1", "2", "3"].map((id) => ({ id, name: id })) },
  });
  const { url: baseUrl, token: auth, fetch } = fresh;
  await using zitadel = createIdpClient({ baseUrl, auth, fetch, retry: false });
  const desired: DesiredState = {
    organizations: Object.fromEntries(
      ["1", "2", "3"].map((id) => [id, { providers: [google, acme] }]),
    ),
  };
  const planned = await plan(zitadel, desired);
  fresh.inject({
    rpc: "AddGoogleProvider",
    times: 1,
    fault: { type: "status", code: 7, id: "TEST" },
  });
  const result = await apply(zitadel, planned, desired, {
    onProgress: ({ owner }) => others.push(owner),
  });
  expect(result.ok).toBe(false);
  expect(result.results.map(({ status }) => status).toSorted()).toEqual([
    "done",
    "done",
    "done",
    "done",
    "failed",
    "skipped",
  ]);
  expect((await apply(zitadel, planned, desired)).ok).toBe(true);
  expect(actionsOf(await plan(zitadel, desired))).toEqual([]);
  expect(others.length).toBeGreaterThan(0);
});
