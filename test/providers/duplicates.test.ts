import { beforeEach, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import {
  apply,
  createProviders,
  type DesiredState,
  plan,
  type ProviderSettings,
} from "../../src/providers/index.js";
import { createMemoryStore } from "../support/memory-store.js";

const google = { type: "google", name: "Google", clientId: "g", clientSecret: "s" } as const;
const unnamed = { type: "github", clientId: "h", clientSecret: "s" } as const;
const acme = { type: "oidc", name: "Acme", issuer: "i", clientId: "a", clientSecret: "s" } as const;

let emulator: Emulator;
beforeEach(() => {
  emulator = createEmulator({ lagMs: 30 });
});

function connect(fetch: typeof globalThis.fetch = emulator.fetch): IdpClient {
  const { url: baseUrl, token: auth } = emulator;
  return createIdpClient({ baseUrl, auth, fetch });
}

/** Creates a client whose run is interrupted by another run, once, right before the first matching request. */
function interrupted(isMoment: (rpc: string) => boolean, other: () => Promise<unknown>): IdpClient {
  let isOver = false;
  return connect(async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!isOver && isMoment(url)) {
      isOver = true;
      await other();
    }
    return await emulator.fetch(input, init);
  });
}

async function add(settings: ProviderSettings, owner: "org" | "instance" = "org"): Promise<string> {
  return (await createProviders(connect(), { owner }).add(settings)).id;
}

function stateFor(owner: "org" | "instance", ...providers: ProviderSettings[]): DesiredState {
  return owner === "org" ? { organization: { providers } } : { instance: { providers } };
}

describe.each(["org", "instance"] as const)("another run of %s", (owner) => {
  test.each([
    ["with a name", google],
    ["without a name", unnamed],
    ["of a type that lists also show for legacy IDPs", acme],
  ])(
    "that adds a provider %s after the plan was checked is detected before the add",
    async (_, settings) => {
      const desired = stateFor(owner, settings);
      const options = { state: { store: createMemoryStore() } };
      let isChecked = false;
      let theirs = "";
      const client = interrupted(
        () => isChecked,
        async () => {
          theirs = await add({ ...settings, clientId: "theirs" }, owner);
          await createProviders(connect(), { owner }).waitUntilVisible(theirs);
        },
      );
      const planned = await plan(client, desired, options);
      const result = await apply(client, planned, desired, {
        ...options,
        onProgress: ({ phase }) => (isChecked ||= phase === "check"),
      });
      expect(result).toMatchObject({
        ok: false,
        results: [{ status: "failed", error: { reason: "duplicate" } }],
        duplicates: [
          { type: settings.type, others: [{ id: theirs, createdAt: expect.any(Date) as Date }] },
        ],
      });
      expect(String(result.results[0]?.error)).toContain(theirs);
      expect(result.duplicates?.[0]).not.toHaveProperty("id");
      // The next plan adopts the provider of the other run.
      const next = await plan(connect(), desired, options);
      expect(next.owners[0]?.actions).toMatchObject([
        { action: "update", provider: { id: theirs } },
      ]);
    },
  );

  test("that adds the same provider at the same time is detected after the add, and by the next plan", async () => {
    const desired = stateFor(owner, google);
    const options = { state: { store: createMemoryStore() } };
    let theirs = "";
    const client = interrupted(
      (url) => url.includes("AddGoogleProvider") || url.endsWith("/idps/google"),
      async () => (theirs = await add(google, owner)),
    );
    const result = await apply(client, await plan(client, desired, options), desired, options);
    const own = result.results[0]?.id ?? "";
    expect(result).toMatchObject({
      ok: false,
      results: [{ status: "done" }],
      duplicates: [{ id: own, name: "Google", others: [{ id: theirs }] }],
    });
    const text = String(await plan(connect(), desired).catch((error: unknown) => error));
    expect(text).toContain('there are 2 providers google "Google"');
    for (const id of [own, theirs]) {
      expect(text).toMatch(new RegExp(`${id} \\(created \\d{4}-`));
    }
    expect(text).toContain(`id: "${theirs}"`);
    const kept = { ...google, id: theirs };
    const resolved: DesiredState = {
      [owner === "org" ? "organization" : "instance"]: {
        providers: [kept, { absent: true, id: own }],
      },
    };
    expect((await plan(connect(), resolved)).owners[0]?.actions).toMatchObject([
      { action: "delete", provider: { id: own } },
    ]);
  });
});

test("a provider of the same name that the plan knows is not a duplicate", async () => {
  const id = await add(google);
  await createProviders(connect(), { owner: "org" }).waitUntilVisible(id);
  const desired: DesiredState = { organization: { providers: [{ ...google, id }, google] } };
  const options = { state: { store: createMemoryStore() } };
  const client = connect();
  const result = await apply(client, await plan(client, desired, options), desired, options);
  expect(result).toMatchObject({ ok: true, results: [{ status: "done" }] });
  expect(result).not.toHaveProperty("duplicates");
});

test("a deleted duplicate is not reported, although lists still show it", async () => {
  const desired = stateFor("org", google);
  const options = { state: { store: createMemoryStore() } };
  const client = interrupted(
    (url) => url.includes("AddGoogleProvider") || url.endsWith("/idps/google"),
    async () => {
      const providers = createProviders(connect(), { owner: "org" });
      const id = await add(google);
      await providers.waitUntilVisible(id);
      await providers.delete(id, { evenIfLinked: true });
    },
  );
  const result = await apply(client, await plan(client, desired, options), desired, options);
  expect(result.ok).toBe(true);
});

test("a failed final check is a warning, and the actions count as done", async () => {
  const desired = stateFor("org", google);
  const options = { state: { store: createMemoryStore() } };
  const client = interrupted(
    (url) => url.includes("AddGoogleProvider") || url.endsWith("/idps/google"),
    () => {
      emulator.inject({
        rpc: "ListProviders",
        times: 9,
        fault: { type: "status", code: 7, id: "TEST" },
      });
      return Promise.resolve();
    },
  );
  const result = await apply(client, await plan(client, desired, options), desired, options);
  expect(result).toMatchObject({ ok: true, results: [{ status: "done" }] });
  expect(result.results[0]?.warnings?.join()).toMatch(
    /check if another run has added a provider of the same name.*TEST/,
  );
});

test("of two runs with one store, neither overwrites a state that it has not read", async () => {
  const store = createMemoryStore();
  const options = { state: { store } };
  const desired = stateFor("org", google);
  const planned = await plan(connect(), desired, options);
  const client = interrupted(
    (url) => url.includes("AddGoogleProvider") || url.endsWith("/idps/google"),
    async () => {
      const others = stateFor("instance", acme);
      const another = connect();
      await apply(another, await plan(another, others, options), others, options);
    },
  );
  const { ok, results } = await apply(client, planned, desired, options);
  expect(ok).toBe(false);
  expect(String(results[0]?.error)).toContain("another run has changed the state");
  const kept = JSON.parse((await store.read()) ?? "") as { providers: object; pending: object[] };
  // The state contains the provider of the other run, and the pending add of this one.
  expect(Object.keys(kept.providers)).toHaveLength(1);
  expect(kept.pending).toMatchObject([{ name: "Google" }]);
  const next = await plan(connect(), desired, options);
  expect(next.owners[0]?.actions).toEqual([]);
});
