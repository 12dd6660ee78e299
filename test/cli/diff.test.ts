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

  test.each([
    [[], "the other side is missing: pass --to-profile"],
    [["--to-url", "http://localhost:1"], "--to-url needs --to-token-file"],
  ])("rejects %j", async (args, message) => {
    const { status, stderr } = await zitadel(["diff", ...args]);
    expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
  });
});
