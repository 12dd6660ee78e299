import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import {
  apply,
  createProviders,
  exportProviders,
  formatPlan,
  type IdentityProvider,
  plan,
  ProviderError,
  type Providers,
  resolveCreate,
} from "../../src/providers/index.js";

let emulator: Emulator;
let listener: Listener;
let client: IdpClient;
let org: Loose;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
  client = createIdpClient({ baseUrl: listener.url, auth: emulator.token });
  const providers = createProviders(client, { owner: "org" });
  org = {
    ...(providers as unknown as Loose),
    list: async (...given) =>
      await collect((providers.list as (...all: unknown[]) => All)(...given)),
  };
});
beforeEach(() => emulator.reset());
afterAll(async () => {
  await client.close();
  await emulator.close();
});

/** The operations as JavaScript callers see them, who can pass anything, such as unset variables. */
type Loose = Readonly<Record<keyof Providers, (...given: unknown[]) => Promise<unknown>>>;
type All = AsyncIterable<IdentityProvider>;

async function collect(all: All): Promise<IdentityProvider[]> {
  const found: IdentityProvider[] = [];
  for await (const each of all) {
    found.push(each);
  }
  return found;
}

const google = { type: "google", name: "Google", clientId: "c", clientSecret: "s" };
const id = "69629023906488334";

const withIds = [
  "get",
  "waitUntilVisible",
  "update",
  "migrate",
  "activate",
  "deactivate",
  "countLinkedUsers",
  "delete",
] as const;
const more: Readonly<Partial<Record<keyof Providers, unknown>>> = {
  update: {},
  migrate: google,
  countLinkedUsers: ["1"],
};

/** Expects that a call fails before anything is sent, and that the error names the argument. */
async function rejects(run: () => Promise<unknown>, about: RegExp): Promise<void> {
  const before = emulator.log.length;
  const error: unknown = await run().then(
    () => expect.fail("it was accepted"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  expect(error).toMatchObject({ reason: "invalid", outcome: "not_done" });
  expect((error as Error).message).toMatch(about);
  expect(emulator.log).toHaveLength(before);
}

describe.each(withIds)("%s", (operation) => {
  test.each([undefined, null, "", " ", 7, {}, "a/b", "../x"])("rejects the id %j", async (bad) => {
    await rejects(async () => await org[operation](bad, more[operation]), /\bid: /);
  });
});

const all: readonly (keyof Providers)[] = [...withIds, "find", "add", "active", "list"];
const first: Readonly<Partial<Record<keyof Providers, unknown[]>>> = {
  find: ["Google"],
  add: [google],
  active: [],
  list: [{}],
};

describe.each(all)("%s", (operation) => {
  const given = (): unknown[] =>
    first[operation] ?? (operation in more ? [id, more[operation]] : [id]);
  test.each([
    ["null", null, /options: must be an object; it is null/],
    ["a text", "x", /options: must be an object/],
    ["an unknown name", { timeoutms: 5 }, /options\.timeoutms: .*did you mean timeoutMs\?/],
    [
      "a timeout that is not a number",
      { timeoutMs: Number.NaN },
      /options\.timeoutMs: must be a number/,
    ],
    ["a negative timeout", { timeoutMs: -1 }, /options\.timeoutMs: must be a number/],
    ["a signal of the wrong type", { signal: {} }, /options\.signal: must be an AbortSignal/],
  ])("rejects %s as options", async (_, options, about) => {
    await rejects(async () => await org[operation](...given(), options), about);
  });
});

const calls: readonly [name: string, run: () => Promise<unknown>, about: RegExp][] = [
  ["find without a name", async () => await org.find(undefined), /name: is missing/],
  ["find of null", async () => await org.find(null), /name: must be text; it is null/],
  ["find of an empty name", async () => await org.find(""), /name: must not be empty/],
  [
    "a list with a misspelt filter",
    async () => await org.list({ nmae: "x" }),
    /filter\.nmae: .*did you mean name\?/,
  ],
  [
    "a list with another misspelt filter",
    async () => await org.list({ ownr: "org" }),
    /did you mean owner\?/,
  ],
  [
    "a list with an undefined name",
    async () => await org.list({ name: undefined }),
    /filter\.name: is missing/,
  ],
  [
    "a list with an empty name",
    async () => await org.list({ name: "" }),
    /filter\.name: must not be empty/,
  ],
  [
    "a list with an undefined id",
    async () => await org.list({ id: undefined }),
    /filter\.id: is missing/,
  ],
  [
    "a list with an undefined part of a name",
    async () => await org.list({ name: { contains: undefined } }),
    /filter\.name\.contains: is missing/,
  ],
  [
    "a list with an empty part of a name",
    async () => await org.list({ name: { contains: "" } }),
    /filter\.name\.contains: must not be empty/,
  ],
  [
    "a list with no method of comparing names",
    async () => await org.list({ name: {} }),
    /filter\.name: must have exactly one of/,
  ],
  [
    "a list with two methods of comparing names",
    async () => await org.list({ name: { contains: "a", equals: "b" } }),
    /filter\.name: must have exactly one of/,
  ],
  [
    "a list with a misspelt method of comparing names",
    async () => await org.list({ name: { contain: "a" } }),
    /did you mean contains\?/,
  ],
  [
    "a list with an unknown type",
    async () => await org.list({ type: "gogle" }),
    /filter\.type: .*did you mean "google"\?/,
  ],
  [
    "a list with unknown types",
    async () => await org.list({ type: ["google", "x"] }),
    /filter\.type: must be/,
  ],
  [
    "a list with a page size of zero",
    async () => await org.list({ pageSize: 0 }),
    /filter\.pageSize: must be a whole number/,
  ],
  [
    "a list with text as its filter",
    async () => await org.list("Google"),
    /filter: must be an object/,
  ],
  [
    "a list with null as its filter",
    async () => await org.list(null),
    /filter: must be an object; it is null/,
  ],
  ["an add without settings", async () => await org.add(), /settings: is missing/],
  [
    "an add with null as settings",
    async () => await org.add(null),
    /settings: must be an object.*null/,
  ],
  [
    "an add with a list as settings",
    async () => await org.add([google]),
    /settings: must be an object/,
  ],
  [
    "an add with a misspelt option",
    async () => await org.add(google, { activat: true }),
    /did you mean activate\?/,
  ],
  [
    "an update with null as its patch",
    async () => await org.update(id, null),
    /patch: must be an object.*null/,
  ],
  ["an update without a patch", async () => await org.update(id), /patch: is missing/],
  [
    "an update with a misspelt ifSequence",
    async () => await org.update(id, {}, { ifSequnce: "1" }),
    /did you mean ifSequence\?/,
  ],
  [
    "an update with an empty ifSequence",
    async () => await org.update(id, {}, { ifSequence: "" }),
    /ifSequence: must be a text of digits/,
  ],
  [
    "a migration without settings",
    async () => await org.migrate(id, null),
    /settings: must be an object/,
  ],
  [
    "an activation with text instead of a boolean",
    async () => await org.activate(id, { createPolicy: "false" }),
    /createPolicy: must be true or false/,
  ],
  [
    "a deletion with text instead of a boolean",
    async () => await org.delete(id, { evenIfLinked: "false" }),
    /evenIfLinked: must be true or false/,
  ],
  [
    "a deletion with a misspelt option",
    async () => await org.delete(id, { evenIfLinkd: true }),
    /did you mean evenIfLinked\?/,
  ],
  [
    "a deletion with one user instead of a list",
    async () => await org.delete(id, { users: "12" }),
    /users: must be a list/,
  ],
  ["a count without users", async () => await org.countLinkedUsers(id), /users: is missing/],
  [
    "a count of an undefined user",
    async () => await org.countLinkedUsers(id, [undefined]),
    /users\[0\]: is missing/,
  ],
  [
    "a count of a user without an id",
    async () => await org.countLinkedUsers(id, [{ orgId: "1" }]),
    /users\[0\]: is missing/,
  ],
  [
    "a count of a user of an undefined organization",
    async () => await org.countLinkedUsers(id, [{ userId: "1", orgId: undefined }]),
    /users\[0\]\.orgId: is missing/,
  ],
  ["a plan of null", async () => await plan(client, null as never), /the desired state/],
  [
    "a plan without a client",
    async () => await plan(undefined as never, { organization: { providers: [] } }),
    /client: is missing/,
  ],
  [
    "a plan with a misspelt option",
    async () => await plan(client, { organization: { providers: [] } }, { rotat: true } as never),
    /did you mean rotate\?/,
  ],
  [
    "a plan that rotates an undefined name",
    async () =>
      await plan(client, { organization: { providers: [] } }, { rotate: [undefined] } as never),
    /options\.rotate: must be/,
  ],
  [
    "a plan with a state without a store",
    async () => await plan(client, { organization: { providers: [] } }, { state: {} } as never),
    /state\.store: is missing/,
  ],
  [
    "an apply without a plan",
    async () => await apply(client, undefined as never, {}),
    /the plan: is missing/,
  ],
  [
    "an apply of an object that is not a plan",
    async () => await apply(client, { version: 1, owners: [null] } as never, {}),
    /the plan: is not a plan of version 1/,
  ],
  [
    "an apply with a concurrency of zero",
    async () => await apply(client, { version: 1, owners: [] }, {}, { concurrency: 0 }),
    /concurrency: must be a whole number/,
  ],
  [
    "an export without an owner",
    async () => await exportProviders(client, undefined as never),
    /owner: is missing/,
  ],
  [
    "an export of an undefined organization",
    async () => await exportProviders(client, { owner: "org", orgId: undefined } as never),
    /owner\.orgId: is missing/,
  ],
  [
    "an export of an unknown owner",
    async () => await exportProviders(client, { owner: "organization" } as never),
    /owner\.owner: must be "org" or "instance"/,
  ],
  [
    "an export with a misspelt option",
    async () => await exportProviders(client, { owner: "org" }, { id: true } as never),
    /did you mean ids\?/,
  ],
];

const lists: readonly [name: string, desired: unknown, about: RegExp][] = [
  [
    'an organization with the id "undefined"',
    { organizations: { [String(undefined)]: { providers: [] } } },
    /organizations\.undefined: is not the id/,
  ],
  [
    "an absent provider without a name",
    { organization: { providers: [{ absent: true, type: "google", name: "" }] } },
    /name that is not empty/,
  ],
];

test.each(lists)("a desired state with %s is rejected", async (_, desired, about) => {
  await rejects(async () => await plan(client, desired as never), about);
});

test.each(calls)("rejects %s before anything is sent", async (_, run, about) => {
  await rejects(run, about);
});

test("a deletion with an empty list of users is rejected, because no user was checked", async () => {
  const { id: made } = (await org.add(google)) as IdentityProvider;
  await expect(org.delete(made, { users: [] })).rejects.toMatchObject({ reason: "linked_users" });
  expect(await org.list()).toHaveLength(1);
});

test.each([
  ["no client", [undefined, { owner: "org" }], /argument client/],
  ["an object that is not a client", [{}, { owner: "org" }], /argument client/],
  ["no options", ["client"], /argument options/],
  ["null as options", ["client", null], /argument options/],
  ["an undefined owner", ["client", { owner: undefined }], /option owner/],
  ["a misspelt option", ["client", { ownr: "org" }], /option ownr: .*did you mean owner\?/],
])("createProviders rejects %s", (_, [given, options], about) => {
  const loose = createProviders as (...all: unknown[]) => unknown;
  const call = (): unknown => loose(given === "client" ? client : given, options);
  expect(call).toThrow(TypeError);
  expect(call).toThrow(about);
});

test.each([
  ["undefined", undefined],
  ["an empty text", ""],
  ["null", null],
])("withOrg rejects %s", (_, orgId) => {
  expect(() => client.withOrg(orgId as string)).toThrow(/option orgId: must be/);
});

test("formatPlan rejects values that are not a plan", () => {
  for (const given of [undefined, null, {}, { version: 1 }, "x"]) {
    expect(() => formatPlan(given as never)).toThrow(/^the plan: /);
  }
  expect(() => formatPlan({ version: 1, owners: [] }, { color: true } as never)).toThrow(
    /did you mean colour\?/,
  );
});

test.each([
  ["no client", [undefined, "addGoogleProvider", {}, { since: new Date() }], /^client/],
  ["no method", ["client", undefined, {}, { since: new Date() }], /^method/],
  ["no request", ["client", "addGoogleProvider", null, { since: new Date() }], /^request/],
  ["no options", ["client", "addGoogleProvider", {}, undefined], /^options/],
  ["no start time", ["client", "addGoogleProvider", {}, {}], /^since/],
  [
    "text as known ids",
    ["client", "addGoogleProvider", {}, { since: new Date(), known: "12" }],
    /^known/,
  ],
  [
    "a misspelt option",
    ["client", "addGoogleProvider", {}, { since: new Date(), knwon: [] }],
    /did you mean known/,
  ],
])("resolveCreate rejects %s", async (_, [given, ...rest], about) => {
  const loose = resolveCreate as (...all: unknown[]) => Promise<unknown>;
  const calling = loose(given === "client" ? client.management : given, ...rest);
  await expect(calling).rejects.toThrow(about);
  expect(emulator.log).toEqual([]);
});
