import { beforeEach, describe, expect, test } from "vitest";
import { createProviders } from "../../src/providers/index.js";
import { twoOrganizations, useCli } from "../support/use-cli.js";

const { client, listener, write, zitadel } = await useCli(twoOrganizations);

describe("diff", () => {
  beforeEach(async () => {
    const [here, there] = [client, client.withOrg("8")].map((each) =>
      createProviders(each, { owner: "org" }),
    );
    const same = { type: "google", name: "Same", clientId: "c", clientSecret: "s" } as const;
    await here?.add({ ...same, scopes: ["a", "b"] });
    await there?.add({ ...same, scopes: ["b", "a"], clientSecret: "other" });
    await here?.add({ type: "github", name: "Here", clientId: "c", clientSecret: "s" });
    await there?.add({ type: "github", name: "There", clientId: "c", clientSecret: "s" });
    await here?.add({ ...same, name: "Changed" });
    await there?.add({ ...same, name: "Changed", options: { isAutoUpdate: true } });
  });

  test("compares by type and name", async () => {
    const { status, stdout, stderr } = await zitadel(["diff", "--to-org", "8"]);
    expect([status, stderr]).toEqual([2, ""]);
    expect(stdout.replaceAll(/\(\d+\)/g, "(id)")).toBe(`- github "Here" (id)
+ github "There" (id)
~ google "Changed"
    options.isAutoUpdate: false -> true

1 only here (-), 1 only there (+), 1 different (~), 1 the same.
`);
    const json = await zitadel(["diff", "--to-org", "8", "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      isSame: false,
      onlyFrom: [{ name: "Here" }],
      onlyTo: [{ name: "There" }],
      different: [
        { name: "Changed", changes: [{ field: "options.isAutoUpdate", from: false, to: true }] },
      ],
      same: 1,
    });
  });

  test("finds no differences between an organization and itself", async () => {
    const token = write("tok\n", "token");
    const args = ["diff", "--to-url", listener.url, "--to-token-file", token];
    expect(await zitadel(args)).toEqual({
      status: 0,
      stdout: "No differences: 3 providers are the same.\n",
      stderr: "",
    });
  });

  describe("of organizations with active providers of the instance", () => {
    /** Adds a provider to the instance. */
    const addToInstance = async (name: string, clientId = "i"): Promise<string> => {
      const instance = createProviders(client, { owner: "instance" });
      const settings = { type: "google", name, clientId, clientSecret: "s" } as const;
      return (await instance.add(settings)).id;
    };
    const offer = async (org: string, id: string): Promise<void> => {
      const providers = createProviders(client.withOrg(org), { owner: "org" });
      await providers.activate(id, { createPolicy: true });
    };

    test("lists those that are active in only one of them, and does not compare their settings", async () => {
      const [both, here, there] = [
        await addToInstance("Both"),
        await addToInstance("Only here"),
        await addToInstance("Only there"),
        await addToInstance("Nowhere"),
      ];
      for (const [org, id] of [
        ["7", both],
        ["8", both],
        ["7", here],
        ["8", there],
      ] as const) {
        await offer(org, id);
      }
      const { status, stdout } = await zitadel(["diff", "--to-org", "8"]);
      expect([status, stdout.replaceAll(/\(\d+\)/g, "(id)")]).toEqual([
        2,
        `- github "Here" (id)
- google "Only here" (id), of the instance
+ github "There" (id)
+ google "Only there" (id), of the instance
~ google "Changed"
    options.isAutoUpdate: false -> true

2 only here (-), 2 only there (+), 1 different (~), 2 the same.
`,
      ]);
      const json = await zitadel(["diff", "--to-org", "8", "--json"]);
      expect(JSON.parse(json.stdout)).toMatchObject({
        onlyFrom: [{ name: "Here" }, { name: "Only here", id: here, instance: true }],
        onlyTo: [{ name: "There" }, { name: "Only there", id: there, instance: true }],
        same: 2,
      });
    });

    test("does not match a provider of the organization with one of the instance", async () => {
      await offer("7", await addToInstance("There"));
      await createProviders(client.withOrg("8"), { owner: "org" }).add({
        type: "google",
        name: "There",
        clientId: "i",
        clientSecret: "s",
      });
      const { stdout } = await zitadel(["diff", "--to-org", "8"]);
      expect(stdout).toMatch(/^- google "There" \(\d+\), of the instance$/m);
      expect(stdout).toMatch(/^\+ google "There" \(\d+\)$/m);
    });

    test("counts those of the default login policy, but not in a comparison with the instance itself", async () => {
      const id = await addToInstance("Default");
      await createProviders(client, { owner: "instance" }).activate(id);
      const between = await zitadel(["diff", "--to-org", "8"]);
      expect(between.stdout).toContain("1 different (~), 2 the same.");
      const beside = await zitadel(["diff", "--to-instance"]);
      expect(beside.stdout).toMatch(/^\+ google "Default" \(\d+\)$/m);
      expect(beside.stdout).not.toContain("of the instance");
    });
  });

  test.each([
    [[], "the other side is missing: pass --to-profile"],
    [["--to-url", "http://localhost:1"], "--to-url needs --to-token-file"],
  ])("rejects %j", async (args, message) => {
    const { status, stderr } = await zitadel(["diff", ...args]);
    expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
  });
});
