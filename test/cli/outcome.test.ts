import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { createProviders } from "../../src/providers/index.js";
import { cli, type CliEnvironment } from "../support/cli.js";
import type { ProgramResult } from "../support/program.js";

const folder = mkdtempSync(join(tmpdir(), "zitadel-idp-"));
const denied = { type: "status", code: 7, id: "TEST-denied" } as const;
const lost = { type: "drop", when: "after" } as const;
let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
});
beforeEach(() => emulator.reset());
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const add = [
  "add",
  "--type",
  "google",
  "--name",
  "My Google",
  "--set",
  "clientId=c",
  "--secret-env",
  "clientSecret=SECRET",
];

async function zitadel(args: readonly string[], more: CliEnvironment = {}): Promise<ProgramResult> {
  const env = { ZITADEL_URL: listener.url, ZITADEL_TOKEN: emulator.token, SECRET: "planted" };
  return await cli(args, { ...more, env: { ...env, ...more.env } });
}

async function failure(args: readonly string[]): Promise<Record<string, unknown>> {
  const { status, stdout, stderr } = await zitadel([...args, "--json"]);
  expect([status, stdout]).toEqual([1, ""]);
  return (JSON.parse(stderr) as { error: Record<string, unknown> }).error;
}

async function ids(): Promise<string[]> {
  const { stdout } = await zitadel(["list", "--json"]);
  return (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id);
}

describe("an add whose response is lost, and whose search fails", () => {
  beforeEach(() => {
    emulator.inject({ rpc: "AddGoogleProvider", times: 1, fault: lost });
    // The list before the add, which may fail, and the search.
    emulator.inject({ rpc: "ListProviders", times: 2, fault: denied });
  });

  test("is reported with the outcome unknown and the code of the add", async () => {
    const error = await failure(add);
    expect(error).toMatchObject({
      code: "unavailable",
      outcome: "unknown",
      next: "zitadel-idp list --type google --name 'My Google'",
      candidates: [],
    });
    expect(error["id"]).toBeUndefined();
    expect((error["causes"] as string[]).join("\n")).toMatch(/TEST-denied/);
    expect(await ids()).toHaveLength(1);
  });

  test("is reported with all its causes and the next command", async () => {
    const { stderr } = await zitadel(add);
    expect(stderr).toMatch(
      /^error: google "My Google" may have been added: check before you add it again\n/,
    );
    expect(stderr).toMatch(/caused by: .*addGoogleProvider/);
    expect(stderr).toMatch(/caused by: \[unavailable\]/);
    expect(stderr).toMatch(/caused by: .*TEST-denied/);
    expect(stderr).toMatch(/\nnext: zitadel-idp list --type google --name 'My Google'\n$/);
    expect(stderr).not.toContain("planted");
  });
});

describe("add --activate", () => {
  test("adds nothing where the login policy is inherited", async () => {
    const { status, stderr } = await zitadel([...add, "--activate"]);
    expect(status).toBe(1);
    expect(stderr).toContain("--create-policy creates a copy");
    expect(await ids()).toEqual([]);
    expect(await failure([...add, "--activate"])).toMatchObject({
      code: "refused",
      reason: "policy_inherited",
      outcome: "not_done",
    });
  });

  test("reports the added provider and the exact next command if the activation fails", async () => {
    const args = [...add, "--activate", "--create-policy", "--org", emulator.orgId];
    const fault = emulator.inject({ rpc: "AddCustomLoginPolicy", fault: denied });
    const error = await failure(args);
    const [id = ""] = await ids();
    const next = `zitadel-idp activate ${id} --create-policy --org ${emulator.orgId}`;
    expect(error).toMatchObject({
      code: "permission_denied",
      id: "TEST-denied",
      reason: "partly_done",
      outcome: "unknown",
      providerId: id,
      next,
    });
    fault.remove();
    // The next command, run unchanged, completes the work.
    expect((await zitadel(next.split(" ").slice(1))).status).toBe(0);
    const { stdout } = await zitadel(["list", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject([{ id, active: true }]);
  });

  test("reports the same as text", async () => {
    emulator.inject({ rpc: "AddCustomLoginPolicy", fault: denied });
    const { stderr } = await zitadel([...add, "--activate", "--create-policy"]);
    const [id] = await ids();
    expect(stderr).toMatch(
      new RegExp(`^error: added google "My Google" \\(${id}\\), but a later step failed`),
    );
    expect(stderr).toMatch(/\n {2}caused by: .*TEST-denied/);
    expect(stderr).toMatch(new RegExp(`\nnext: zitadel-idp activate ${id} --create-policy\n$`));
  });

  test("warns if users may not see the provider", async () => {
    await using client = createIdpClient({ baseUrl: listener.url, auth: emulator.token });
    await client.management.addCustomLoginPolicy({ allowUsernamePassword: true });
    const { status, stderr } = await zitadel([...add, "--activate"]);
    expect(status).toBe(0);
    expect(stderr).toContain("allowExternalIdp");
  });
});

describe("empty arguments", () => {
  const file = join(folder, "providers.yaml");
  writeFileSync(file, "organization: { providers: [] }\n");
  const cases: readonly [args: string[], about: string][] = [
    [["delete", "", "--yes"], "<id-or-name>"],
    [["delete", " ", "--yes"], "<id-or-name>"],
    [["get", ""], "<id-or-name>"],
    [["update", "", "--set", "clientId=x"], "<id-or-name>"],
    [["activate", ""], "<id-or-name>"],
    [["deactivate", ""], "<id-or-name>"],
    [["migrate", "", "--to", "google", "--yes"], "<id-or-name>"],
    [["plan", ""], "<file>"],
    [["apply", "", "--yes"], "<file>"],
    [["list", "--name", ""], "--name"],
    [["list", "--contains", ""], "--contains"],
    [["list", "--org", ""], "--org"],
    [["list", "--profile", ""], "--profile"],
    [["list", "--url", "", "--org", ""], "--url and --org"],
    [[...add.slice(0, 3), "--name", ""], "--name"],
    [["add", "--file", ""], "--file"],
    [["add", "--type", "google", "--set", ""], "--set"],
    [["add", "--type", "google", "--secret-env", "clientSecret="], "--secret-env clientSecret"],
    [["add", "--type", "google", "--secret-file", "clientSecret="], "--secret-file clientSecret"],
    [["update", "x", "--set-file", "rootCa=", "--if-sequence", ""], "--if-sequence"],
    [["delete", "x", "--users", "", "--yes"], "--users"],
    [["export", "--out", ""], "--out"],
    [["plan", file, "--rotate", ""], "--rotate"],
    [["plan", file, "--state", ""], "--state"],
    [["apply", file, "--plan", "", "--yes"], "--plan"],
    [["diff", "--to-org", ""], "--to-org"],
  ];
  test.each(cases)(
    "%j is rejected with the name of the argument, and nothing is sent",
    async (args, about) => {
      await using client = createIdpClient({ baseUrl: listener.url, auth: emulator.token });
      const providers = createProviders(client, { owner: "org" });
      await providers.add({ type: "google", clientId: "c", clientSecret: "s" });
      const before = emulator.log.length;
      const { status, stdout, stderr } = await zitadel(args);
      expect([status, stdout]).toEqual([1, ""]);
      expect(stderr).toContain(about);
      expect(stderr).toMatch(/must not be empty/);
      expect(emulator.log).toHaveLength(before);
    },
  );
});

test("delete --users with an empty file deletes nothing", async () => {
  expect((await zitadel(add)).status).toBe(0);
  const { status, stderr } = await zitadel(["delete", "My Google", "--users", "-", "--yes"], {
    stdin: "\n\n",
  });
  expect(status).toBe(1);
  expect(stderr).toContain("--users");
  expect(await ids()).toHaveLength(1);
});
