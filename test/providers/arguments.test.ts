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

/** Callers in JavaScript, and variables that nobody set. */
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

/** Fails before anything is sent, with the name of the argument. */
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
  test.each([undefined, null, "", " ", 7, {}, "a/b", "../x"])(
    "takes no id such as %j",
    async (bad) => {
      await rejects(async () => await org[operation](bad, more[operation]), /\bid: /);
    },
  );
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
    [
      "a name that there is not",
      { timeoutms: 5 },
      /options\.timeoutms: .*did you mean timeoutMs\?/,
    ],
    ["a time that is no number", { timeoutMs: Number.NaN }, /options\.timeoutMs: must be a number/],
    ["a negative time", { timeoutMs: -1 }, /options\.timeoutMs: must be a number/],
    ["a signal that is none", { signal: {} }, /options\.signal: must be an AbortSignal/],
  ])("takes no options such as %s", async (_, options, about) => {
    await rejects(async () => await org[operation](...given(), options), about);
  });
});

const calls: readonly [name: string, run: () => Promise<unknown>, about: RegExp][] = [
  ["find without a name", async () => await org.find(undefined), /name: is missing/],
  ["find of null", async () => await org.find(null), /name: must be text; it is null/],
  ["find of an empty name", async () => await org.find(""), /name: must not be empty/],
  [
    "a list of a misspelt filter",
    async () => await org.list({ nmae: "x" }),
    /filter\.nmae: .*did you mean name\?/,
  ],
  [
    "a list of another misspelt filter",
    async () => await org.list({ ownr: "org" }),
    /did you mean owner\?/,
  ],
  [
    "a list with a name that nobody set",
    async () => await org.list({ name: undefined }),
    /filter\.name: is missing/,
  ],
  [
    "a list with an empty name",
    async () => await org.list({ name: "" }),
    /filter\.name: must not be empty/,
  ],
  [
    "a list with an id that nobody set",
    async () => await org.list({ id: undefined }),
    /filter\.id: is missing/,
  ],
  [
    "a list with a part of a name that nobody set",
    async () => await org.list({ name: { contains: undefined } }),
    /filter\.name\.contains: is missing/,
  ],
  [
    "a list with a part of a name that is empty",
    async () => await org.list({ name: { contains: "" } }),
    /filter\.name\.contains: must not be empty/,
  ],
  [
    "a list with a name of no kind",
    async () => await org.list({ name: {} }),
    /filter\.name: must have one of/,
  ],
  [
    "a list with a name of two kinds",
    async () => await org.list({ name: { contains: "a", equals: "b" } }),
    /filter\.name: must have one of/,
  ],
  [
    "a list with a misspelt kind of name",
    async () => await org.list({ name: { contain: "a" } }),
    /did you mean contains\?/,
  ],
  [
    "a list of a type that there is not",
    async () => await org.list({ type: "gogle" }),
    /filter\.type: .*did you mean "google"\?/,
  ],
  [
    "a list of types that there are not",
    async () => await org.list({ type: ["google", "x"] }),
    /filter\.type: must be/,
  ],
  [
    "a list with pages of nothing",
    async () => await org.list({ pageSize: 0 }),
    /filter\.pageSize: must be a whole number/,
  ],
  ["a list by a text", async () => await org.list("Google"), /filter: must be an object/],
  ["a list by null", async () => await org.list(null), /filter: must be an object; it is null/],
  ["an add of nothing", async () => await org.add(), /settings: is missing/],
  ["an add of null", async () => await org.add(null), /settings: must be an object.*null/],
  ["an add of a list", async () => await org.add([google]), /settings: must be an object/],
  [
    "an add with a misspelt option",
    async () => await org.add(google, { activat: true }),
    /did you mean activate\?/,
  ],
  ["an update with null", async () => await org.update(id, null), /patch: must be an object.*null/],
  ["an update with nothing", async () => await org.update(id), /patch: is missing/],
  [
    "an update with a misspelt guard",
    async () => await org.update(id, {}, { ifSequnce: "1" }),
    /did you mean ifSequence\?/,
  ],
  [
    "an update with a guard that is empty",
    async () => await org.update(id, {}, { ifSequence: "" }),
    /ifSequence: must be text of digits/,
  ],
  [
    "a migration to nothing",
    async () => await org.migrate(id, null),
    /settings: must be an object/,
  ],
  [
    "an activation with a text for a flag",
    async () => await org.activate(id, { createPolicy: "false" }),
    /createPolicy: must be true or false/,
  ],
  [
    "a deletion with a text for a flag",
    async () => await org.delete(id, { evenIfLinked: "false" }),
    /evenIfLinked: must be true or false/,
  ],
  [
    "a deletion with a misspelt flag",
    async () => await org.delete(id, { evenIfLinkd: true }),
    /did you mean evenIfLinked\?/,
  ],
  [
    "a deletion with the letters of a user",
    async () => await org.delete(id, { users: "12" }),
    /users: must be a list/,
  ],
  ["a count of no users", async () => await org.countLinkedUsers(id), /users: is missing/],
  [
    "a count of a user that nobody set",
    async () => await org.countLinkedUsers(id, [undefined]),
    /users\[0\]: is missing/,
  ],
  [
    "a count of a user without an id",
    async () => await org.countLinkedUsers(id, [{ orgId: "1" }]),
    /users\[0\]: is missing/,
  ],
  [
    "a count of a user of an organization that nobody set",
    async () => await org.countLinkedUsers(id, [{ userId: "1", orgId: undefined }]),
    /users\[0\]\.orgId: is missing/,
  ],
  ["a plan with null", async () => await plan(client, null as never), /the desired state/],
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
    "a plan that rotates what nobody set",
    async () =>
      await plan(client, { organization: { providers: [] } }, { rotate: [undefined] } as never),
    /options\.rotate: must be/,
  ],
  [
    "a plan with a state that has no store",
    async () => await plan(client, { organization: { providers: [] } }, { state: {} } as never),
    /state\.store: is missing/,
  ],
  [
    "an apply of nothing",
    async () => await apply(client, undefined as never, {}),
    /the plan: is missing/,
  ],
  [
    "an apply of a plan that is none",
    async () => await apply(client, { version: 1, owners: [null] } as never, {}),
    /the plan: is not one of version 1/,
  ],
  [
    "an apply with no concurrency",
    async () => await apply(client, { version: 1, owners: [] }, {}, { concurrency: 0 }),
    /concurrency: must be a whole number/,
  ],
  [
    "an export of nobody's",
    async () => await exportProviders(client, undefined as never),
    /owner: is missing/,
  ],
  [
    "an export of an organization that nobody set",
    async () => await exportProviders(client, { owner: "org", orgId: undefined } as never),
    /owner\.orgId: is missing/,
  ],
  [
    "an export of an owner that there is not",
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
    "an organization that nobody set",
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

test.each(calls)("rejects %s, before anything is sent", async (_, run, about) => {
  await rejects(run, about);
});

test("a deletion with an empty list of users is refused: nobody was asked about", async () => {
  const { id: made } = (await org.add(google)) as IdentityProvider;
  await expect(org.delete(made, { users: [] })).rejects.toMatchObject({ reason: "linked_users" });
  expect(await org.list()).toHaveLength(1);
});

test.each([
  ["nothing", [undefined, { owner: "org" }], /argument client/],
  ["what is no client", [{}, { owner: "org" }], /argument client/],
  ["no options", ["client"], /argument options/],
  ["null for options", ["client", null], /argument options/],
  ["an owner that nobody set", ["client", { owner: undefined }], /option owner/],
  ["a misspelt option", ["client", { ownr: "org" }], /option ownr: .*did you mean owner\?/],
])("createProviders takes no %s", (_, [given, options], about) => {
  const loose = createProviders as (...all: unknown[]) => unknown;
  const call = (): unknown => loose(given === "client" ? client : given, options);
  expect(call).toThrow(TypeError);
  expect(call).toThrow(about);
});

test.each([
  ["undefined", undefined],
  ["an empty text", ""],
  ["null", null],
])("withOrg takes no %s", (_, orgId) => {
  expect(() => client.withOrg(orgId as string)).toThrow(/option orgId: must be/);
});

test("formatPlan takes a plan only", () => {
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
  ["no start", ["client", "addGoogleProvider", {}, {}], /^since/],
  [
    "a text for known ids",
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
