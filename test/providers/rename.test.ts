import { describe, expect, test } from "vitest";
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
import { useEmulator } from "../support/use-emulator.js";
import { createMemoryStore } from "../support/memory-store.js";

const { emulator, client } = await useEmulator({
  seed: { organizations: ["1", "2"].map((id) => ({ id, name: `org ${id}` })) },
});

type Listed = DesiredProviders["providers"][number];

const google = (name: string, clientId: string = name.toLowerCase()) =>
  ({ type: "google", name, clientId, clientSecret: "s" }) as const;
const alpha = google("Alpha");
const beta = google("Beta");
const corporate = {
  type: "saml",
  name: "Corporate",
  metadataXml:
    '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="e"><IDPSSODescriptor/></EntityDescriptor>',
} as const;

function pruned(...providers: readonly Listed[]): DesiredState {
  return { organization: { prune: true, providers } };
}

function shown(action: PlannedAction): string {
  if (!("provider" in action)) {
    return action.action;
  }
  const change =
    action.action === "update" ? action.changes.find(({ field }) => field === "name") : undefined;
  return `${action.action} ${action.provider.name}${change === undefined ? "" : ` to ${String(change.to)}`}`;
}

function actions({ owners }: Plan): string[] {
  return owners.flatMap((owner) => owner.actions.map(shown));
}

async function idsByName(): Promise<Record<string, string>> {
  const ids: Record<string, string> = {};
  for await (const { id, name } of createProviders(client, { owner: "org" }).list()) {
    ids[name] = id;
  }
  return ids;
}

/** Applies a first list with a fresh state. Returns the state and the ids. */
async function start(...providers: readonly Listed[]) {
  const options = { state: { store: createMemoryStore() } };
  const desired = pruned(...providers);
  expect((await apply(client, await plan(client, desired, options), desired, options)).ok).toBe(
    true,
  );
  return { options, ids: await idsByName() };
}

async function rename(id: string | undefined, name: string): Promise<void> {
  await createProviders(client, { owner: "org" }).update(id ?? "", { name });
}

async function problemsOf(desired: DesiredState, options: Parameters<typeof plan>[2]) {
  const error = await plan(client, desired, options).then(
    (made) => expect.fail(`planned ${actions(made).join(", ")}`),
    (each: unknown) => each,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return (error as ProviderError).problems.map(({ message }) => message).join("\n");
}

describe("a rename in the file is an update", () => {
  const cases: readonly [name: string, before: Listed[], after: Listed[], actions: string[]][] = [
    ["of the name alone", [alpha], [{ ...alpha, name: "New" }], ["update Alpha to New"]],
    [
      "together with another provider",
      [alpha, beta],
      [{ ...alpha, name: "New" }, beta],
      ["update Alpha to New"],
    ],
    [
      "together with other changes",
      [alpha],
      [{ ...alpha, name: "New", options: { isAutoUpdate: true } }],
      ["update Alpha to New"],
    ],
    [
      "of two at once",
      [alpha, beta],
      [
        { ...beta, name: "Two" },
        { ...alpha, name: "One" },
      ],
      ["update Beta to Two", "update Alpha to One"],
    ],
    [
      "together with a new provider",
      [alpha],
      [beta, { ...alpha, name: "New" }],
      ["create Beta", "update Alpha to New"],
    ],
    [
      "together with a removed provider",
      [alpha, beta],
      [{ ...alpha, name: "New" }],
      ["update Alpha to New", "delete Beta"],
    ],
    [
      "of a type that has few fields",
      [corporate],
      [{ ...corporate, name: "New" }],
      ["update Corporate to New"],
    ],
    [
      "by its id, although everything else differs",
      [alpha],
      [{ ...google("New", "other"), id: "ID" }],
      ["update Alpha to New"],
    ],
  ];
  test.each(cases)("%s", async (_, before, after, expected) => {
    const { options, ids } = await start(...before);
    const desired = pruned(
      ...after.map((each) => ("id" in each ? { ...each, id: ids["Alpha"] ?? "" } : each)),
    );
    const planned = await plan(client, desired, options);
    expect(actions(planned)).toEqual(expected);
    expect(await apply(client, planned, desired, options)).toMatchObject({ ok: true });
    expect(actions(await plan(client, desired, options))).toEqual([]);
    const kept = Object.values(await idsByName()).filter((id) => Object.values(ids).includes(id));
    const deleted = expected.filter((each) => each.startsWith("delete"));
    expect(kept).toHaveLength(before.length - deleted.length);
  });
});

test("a rename on the server is undone by an update", async () => {
  const { options, ids } = await start(alpha, beta);
  await rename(ids["Alpha"], "By hand");
  const desired = pruned(alpha, beta);
  const planned = await plan(client, desired, options);
  expect(actions(planned)).toEqual(["update By hand to Alpha"]);
  expect(formatPlan(planned)).toContain(`~ rename google "By hand" (${ids["Alpha"]}) to "Alpha"`);
  expect((await apply(client, planned, desired, options)).ok).toBe(true);
  expect(await idsByName()).toEqual(ids);
});

test("names that were swapped on the server are swapped back", async () => {
  const { options, ids } = await start(alpha, beta);
  await rename(ids["Alpha"], "Beta");
  await rename(ids["Beta"], "Alpha");
  const desired = pruned(alpha, beta);
  const planned = await plan(client, desired, options);
  expect(actions(planned)).toEqual(["update Beta to Alpha", "update Alpha to Beta"]);
  expect((await apply(client, planned, desired, options)).ok).toBe(true);
  expect(await idsByName()).toEqual(ids);
});

test("a rename in both places needs no action, and the next rename is still recognized", async () => {
  const { options, ids } = await start(alpha);
  await rename(ids["Alpha"], "New");
  expect(actions(await plan(client, pruned({ ...alpha, name: "New" }), options))).toEqual([]);
  expect(actions(await plan(client, pruned({ ...alpha, name: "Newer" }), options))).toEqual([
    "update New to Newer",
  ]);
});

describe("asks for an id and deletes nothing if two explanations are possible", () => {
  test("the provider in the state has another name, and another provider has its name", async () => {
    const { options, ids } = await start(alpha);
    await rename(ids["Alpha"], "By hand");
    const { id } = await createProviders(client, { owner: "org" }).add(google("Alpha", "other"));
    const problems = await problemsOf(pruned(alpha), options);
    expect(problems).toContain(`id: "${ids["Alpha"]}"`);
    expect(problems).toContain(`id: "${id}"`);
    const desired = pruned({ ...alpha, id: ids["Alpha"] ?? "" });
    expect(actions(await plan(client, desired, options))).toEqual(["update By hand to Alpha"]);
  });

  test("a new name and another client, while prune would delete the old provider", async () => {
    const { options, ids } = await start(alpha);
    expect(await problemsOf(pruned(google("New", "other")), options)).toContain(
      `id: "${ids["Alpha"]}"`,
    );
    // To delete the provider instead, list it as absent.
    const desired = pruned(google("New", "other"), { absent: true, type: "google", name: "Alpha" });
    expect(actions(await plan(client, desired, options))).toEqual(["create New", "delete Alpha"]);
  });

  test("two new names for one provider", async () => {
    const { options } = await start(alpha);
    const desired = pruned({ ...alpha, name: "One" }, { ...alpha, name: "Two" });
    expect(await problemsOf(desired, options)).toContain("id:");
  });

  test("one new name for two providers", async () => {
    const { options, ids } = await start(google("A", "same"), google("B", "same"));
    const problems = await problemsOf(pruned(google("C", "same")), options);
    expect(problems).toContain(`id: "${ids["A"]}" or id: "${ids["B"]}"`);
  });

  test.each([true, false])("names that were swapped in the file; with a state: %s", async (has) => {
    const { options } = await start(alpha, beta);
    const desired = pruned({ ...alpha, name: "Beta" }, { ...beta, name: "Alpha" });
    expect(await problemsOf(desired, has ? options : {})).toContain("swapped");
  });

  test("an absent provider that was renamed on the server", async () => {
    const { options, ids } = await start(alpha);
    await rename(ids["Alpha"], "By hand");
    const desired = pruned({ absent: true, type: "google", name: "Alpha" });
    expect(await problemsOf(desired, options)).toContain(`id: "${ids["Alpha"]}"`);
  });
});

describe("not a rename", () => {
  test("without a state, another name is another provider, and nothing is deleted", async () => {
    await start(alpha);
    expect(actions(await plan(client, pruned({ ...alpha, name: "New" })))).toEqual(["create New"]);
  });

  test("another type", async () => {
    const { options } = await start(alpha);
    const github = { ...alpha, type: "github", name: "New" } as const;
    expect(actions(await plan(client, pruned(github), options))).toEqual([
      "create New",
      "delete Alpha",
    ]);
  });

  test("another client, without prune", async () => {
    const { options } = await start(alpha);
    const desired = { organization: { providers: [google("New", "other")] } };
    expect(actions(await plan(client, desired, options))).toEqual(["create New"]);
  });

  test("a provider that was deleted on the server", async () => {
    const { options, ids } = await start(alpha);
    await client.management.deleteProvider({ id: ids["Alpha"] ?? "" });
    expect(actions(await plan(client, pruned(alpha), options))).toEqual(["create Alpha"]);
  });
});

test("renames of several owners are independent", async () => {
  const options = { state: { store: createMemoryStore() } };
  const both = (one: Listed, two: Listed): DesiredState => ({
    organizations: {
      "1": { prune: true, providers: [one] },
      "2": { prune: true, providers: [two] },
    },
    instance: { prune: true, providers: [google("Shared")] },
  });
  const before = both(alpha, alpha);
  await apply(client, await plan(client, before, options), before, options);
  const after = both({ ...alpha, name: "New" }, alpha);
  expect(actions(await plan(client, after, options))).toEqual(["update Alpha to New"]);
});

test("a state from before types and names were recorded still recognizes a rename", async () => {
  const { options } = await start(alpha);
  const { store } = options.state;
  store.text = (store.text ?? "").replaceAll(/\s*"(type|name)": "[^"]*",/g, "");
  expect(store.text).not.toContain("Alpha");
  expect(actions(await plan(client, pruned({ ...alpha, name: "New" }), options))).toEqual([
    "update Alpha to New",
  ]);
});

test("a plan with a rename is stale if another writer changes the provider, and can be applied again after a failure", async () => {
  const github = { ...beta, type: "github" } as const;
  const { options, ids } = await start(alpha, github);
  const desired = pruned({ ...alpha, name: "One" }, { ...github, name: "Two" });
  const planned = await plan(client, desired, options);
  emulator.inject({
    rpc: "UpdateGitHubProvider",
    times: 1,
    fault: { type: "status", code: 7, id: "TEST" },
  });
  expect((await apply(client, planned, desired, options)).ok).toBe(false);
  expect(Object.keys(await idsByName()).toSorted()).toEqual(["Beta", "One"]);
  await rename(ids["Beta"], "Meanwhile");
  await expect(apply(client, planned, desired, options)).rejects.toMatchObject({
    reason: "stale_plan",
  });
  await rename(ids["Beta"], "Beta");
  const again = await plan(client, desired, options);
  expect(actions(again)).toEqual(["update Beta to Two"]);
  expect((await apply(client, again, desired, options)).ok).toBe(true);
  expect(Object.values(await idsByName()).toSorted()).toEqual(Object.values(ids).toSorted());
});
