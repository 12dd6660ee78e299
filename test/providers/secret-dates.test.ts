import { Code } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import {
  apply,
  createProviders,
  type DesiredProvider,
  type DesiredState,
  exportProviders,
  plan,
  type PlanOptions,
  type StateStore,
} from "../../src/providers/index.js";
import { createExpiryWarnings } from "../../src/providers/plan/find-expiring-secrets.js";
import { useEmulator } from "../support/use-emulator.js";
import { createMemoryStore } from "../support/memory-store.js";

const { emulator, client } = await useEmulator();

const key = "0123456789abcdef";
const google = {
  type: "google",
  name: "Google",
  clientId: "g",
  clientSecret: "s3cret-of-google",
} as const;

/** Returns the dates of secrets in a state, one object for each record. */
function datesIn({ text = "{}" }: { readonly text: string | undefined }): unknown[] {
  const { providers = {} } = JSON.parse(text) as {
    providers?: Record<string, { secretDates?: unknown }>;
  };
  return Object.values(providers).map(({ secretDates }) => secretDates);
}

function organization(...providers: DesiredProvider[]): DesiredState {
  return { organization: { providers } };
}

async function planAndApply(desired: DesiredState, options: PlanOptions) {
  const planned = await plan(client, desired, options);
  return { planned, result: await apply(client, planned, desired, options) };
}

describe("a date of a secret", () => {
  test("is kept in the state of a new provider, and never sent to ZITADEL", async () => {
    const store = createMemoryStore();
    const desired = organization({ ...google, clientSecretExpires: "2031-03-01" });
    const { planned, result } = await planAndApply(desired, { state: { store, key } });
    expect(result.ok).toBe(true);
    expect(datesIn(store)).toEqual([{ clientSecret: "2031-03-01" }]);
    expect(JSON.stringify(planned)).not.toContain("2031");
    expect(JSON.stringify(emulator.log.map(({ request }) => request))).not.toContain("2031");
  });

  test("is recorded for a provider that needs no change, changed, and removed", async () => {
    const store = createMemoryStore();
    const options = { state: { store } };
    await createProviders(client, { owner: "org" }).add(google);
    const dates = ["2031-03-01", "2031-03-01", "2032-03-01T12:00:00+02:00", undefined];
    const recorded: unknown[] = [];
    for (const clientSecretExpires of dates) {
      const desired = organization({ ...google, clientSecretExpires });
      const { planned, result } = await planAndApply(desired, options);
      expect([planned.owners[0]?.actions, result]).toEqual([[], { ok: true, results: [] }]);
      recorded.push(...datesIn(store));
    }
    expect(recorded).toEqual([
      { clientSecret: "2031-03-01" },
      { clientSecret: "2031-03-01" },
      { clientSecret: "2032-03-01T12:00:00+02:00" },
      undefined,
    ]);
  });

  test("causes no request of apply after the state has it", async () => {
    const options = { state: { store: createMemoryStore() } };
    const desired = organization({ ...google, clientSecretExpires: "2031-03-01" });
    await planAndApply(desired, options);
    const planned = await plan(client, desired, options);
    const before = emulator.log.length;
    await apply(client, planned, desired, options);
    expect(emulator.log.slice(before)).toEqual([]);
  });

  test("is recorded only after the secret that it belongs to was sent", async () => {
    const store = createMemoryStore();
    const options = { state: { store, key } };
    await planAndApply(organization({ ...google, clientSecretExpires: "2031-03-01" }), options);
    emulator.inject({
      rpc: "UpdateGoogleProvider",
      times: 1,
      fault: { type: "status", code: Code.FailedPrecondition },
    });
    const rotated = organization({
      ...google,
      clientSecret: "another",
      clientSecretExpires: "2032-03-01",
    });
    expect((await planAndApply(rotated, options)).result.ok).toBe(false);
    expect(datesIn(store)).toEqual([{ clientSecret: "2031-03-01" }]);
    expect((await planAndApply(rotated, options)).result.ok).toBe(true);
    expect(datesIn(store)).toEqual([{ clientSecret: "2032-03-01" }]);
  });

  test("survives a run that ended between the add and its response", async () => {
    const store = createMemoryStore();
    const options = { state: { store, key } };
    const desired = organization({ ...google, clientSecretExpires: "2031-03-01" });
    const planned = await plan(client, desired, options);
    const stopping: StateStore = {
      read: store.read,
      write: async (text) => {
        if (emulator.log.some(({ rpc }) => rpc === "AddGoogleProvider")) {
          throw new Error("the machine stopped");
        }
        await store.write(text);
      },
    };
    await apply(client, planned, desired, { state: { store: stopping, key } });
    expect(datesIn(store)).toEqual([]);
    expect((await planAndApply(desired, options)).result).toEqual({ ok: true, results: [] });
    expect(datesIn(store)).toEqual([{ clientSecret: "2031-03-01" }]);
  });

  test("is part of an export with the state", async () => {
    const state = { store: createMemoryStore() };
    await planAndApply(organization({ ...google, clientSecretExpires: "2031-03-01" }), { state });
    const owner = { owner: "org" } as const;
    expect((await exportProviders(client, owner, { state })).providers).toMatchObject([
      { name: "Google", clientSecretExpires: "2031-03-01" },
    ]);
    expect((await exportProviders(client, owner)).providers[0]).not.toHaveProperty(
      "clientSecretExpires",
    );
    await expect(
      exportProviders(client, owner, { state: {} as typeof state }),
    ).rejects.toMatchObject({ problems: [{ path: ["options.state.store"] }] });
  });

  const form =
    "must be a date such as 2027-03-01, or a date and time with its zone such as 2027-03-01T12:00:00Z";
  test.each<[string, DesiredProvider, string | undefined]>([
    ["a day", { ...google, clientSecretExpires: "2028-02-29" }, undefined],
    ["a time with a zone", { ...google, clientSecretExpires: "2031-03-01T12:00+02:00" }, undefined],
    ["a fraction", { ...google, clientSecretExpires: "2031-03-01T12:00:00.5Z" }, undefined],
    ["a day that does not exist", { ...google, clientSecretExpires: "2031-02-29" }, form],
    ["a month that does not exist", { ...google, clientSecretExpires: "2031-13-01" }, form],
    ["an hour that does not exist", { ...google, clientSecretExpires: "2031-03-01T25:00Z" }, form],
    ["a time without a zone", { ...google, clientSecretExpires: "2031-03-01T12:00:00" }, form],
    ["another order", { ...google, clientSecretExpires: "01.03.2031" }, form],
    ["a number", { ...google, clientSecretExpires: 2031 as never }, form],
    ["nothing", { ...google, clientSecretExpires: null as never }, form],
    [
      "the date of a secret of another type",
      { type: "ldap", clientSecretExpires: "2031-03-01" } as DesiredProvider,
      "is not for the type ldap, which has no clientSecret; did you mean bindPasswordExpires?",
    ],
    [
      "a date for a type without a secret",
      {
        type: "saml",
        name: "S",
        metadataUrl: "https://a.example",
        privateKeyExpires: "2031-03-01",
      },
      "is not for the type saml, which has no privateKey",
    ],
  ])("is checked: %s", async (_, entry, message) => {
    const problems = await plan(client, organization(entry)).then(
      () => [],
      ({ problems: found }: { problems: { path: string[]; message: string }[] }) => found,
    );
    expect(problems.find(({ path }) => path.at(-1)?.endsWith("Expires"))?.message).toBe(message);
  });
});

describe("plan", () => {
  const now = new Date("2027-02-01T12:00:00Z");
  test.each([
    ["2027-03-03T12:00:00Z", "expires"],
    ["2027-02-01T12:00:01Z", "expires"],
    ["2027-02-01T12:00:00Z", "expired"],
    ["2020-01-01", "expired"],
    ["2027-03-03T12:00:01Z", undefined],
    ["2027-03-04", undefined],
  ])("at noon of 2027-02-01, a secret until %s %s", (date, verb) => {
    const desired = { providers: [{ ...google, clientSecretExpires: date }] };
    const warnings = createExpiryWarnings({ owner: { owner: "org" }, desired }, new Map(), now);
    const message = `the clientSecret of google "Google" ${verb} on ${date}: create a new one at the provider, then set clientSecret and clientSecretExpires`;
    expect(warnings.map((each) => each.message)).toEqual(verb === undefined ? [] : [message]);
  });

  test("has a warning for each secret that expires soon, with the id of an existing provider", async () => {
    const { id } = await createProviders(client, { owner: "org" }).add(google);
    const desired: DesiredState = {
      organization: {
        providers: [
          { ...google, clientSecretExpires: "2020-01-01" },
          { ...google, name: "Later", clientSecretExpires: "9999-01-01" },
        ],
      },
      instance: {
        providers: [{ ...google, name: "New", clientSecretExpires: "2020-01-01T01:00+01:00" }],
      },
    };
    const { warnings } = await plan(client, desired);
    const field = "clientSecretExpires";
    const expiresAt = "2020-01-01T00:00:00.000Z";
    expect(warnings).toEqual([
      {
        owner: { owner: "instance" },
        provider: { type: "google", name: "New" },
        field,
        expiresAt,
        message: expect.stringContaining("expired on 2020-01-01T01:00+01:00") as string,
      },
      {
        owner: { owner: "org" },
        provider: { type: "google", name: "Google", id },
        field,
        expiresAt,
        message: expect.stringContaining("expired on 2020-01-01") as string,
      },
    ]);
    expect(JSON.stringify(warnings)).not.toContain("s3cret");
  });
});
