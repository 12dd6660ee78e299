import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
import { cli } from "../support/cli.js";
import { waitForExit, run, waitForOutput, start } from "../support/program.js";

const program = "dist/node/cli/main.js";
const folder = mkdtempSync(join(tmpdir(), "zitadel-idp-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function seedFile(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

describe("zitadel-idp emulator", () => {
  test("serves, prints how to call it, and ends cleanly on a signal", async () => {
    const child = start(program, ["emulator", "--port", "0"]);
    const end = waitForExit(child);
    const [text, url = "", token = ""] = await waitForOutput(
      child,
      /on (http:\/\/localhost:\d+)[^]*token +(\w+)[^]*Ctrl\+C/,
    );
    await using client = createIdpClient({ baseUrl: url, auth: token });
    await client.management.listProviders({});
    const [, exported = "", command = ""] = /(export .*)\n +npx zitadel-idp (.*)/.exec(text) ?? [];
    const script = `${exported}; "${process.execPath}" ${program} ${command} --json`;
    const output = execFileSync("bash", ["-c", script], { encoding: "utf8" });
    expect(JSON.parse(output)).toEqual([]);
    child.kill("SIGTERM");
    expect(await end).toMatchObject({ status: 0, stderr: "" });
  });

  test("takes its state from a file, and the default user's token from an option", async () => {
    const seed = seedFile(
      "seed.json",
      JSON.stringify({ organizations: [{ id: "7", name: "Acme" }] }),
    );
    const child = start(program, ["emulator", "--port", "0", "--seed", seed, "--token", "mine"]);
    const [, url = ""] = await waitForOutput(
      child,
      /on (http:\/\/localhost:\d+)[^]*organization +7\n +token +mine\n/,
    );
    await using client = createIdpClient({ baseUrl: url, auth: "mine", protocol: "json" });
    await expect(client.admin.listProviders({})).resolves.toBeDefined();
    child.kill("SIGINT");
    expect(await waitForExit(child)).toMatchObject({ status: 0 });
  });

  test("reports a port in use, with advice", async () => {
    await using emulator = createEmulator();
    const { port } = await emulator.listen();
    expect(await run(program, ["emulator", "--port", String(port)])).toEqual({
      status: 1,
      stdout: "",
      stderr: `error: port ${port} on 127.0.0.1 is in use: choose another with --port, or 0 for a free one\n`,
    });
  });

  test.each([
    ["an invalid port", ["--port", "http"], "must be a number from 0 to 65535"],
    ["an unknown option", ["--prot", "1"], "unknown option '--prot'\n(Did you mean --port?)"],
    [
      "a missing seed file",
      ["--seed", "nowhere.json"],
      'error: cannot read the seed from "nowhere.json" (--seed): it does not exist (ENOENT)',
    ],
    ["an invalid lag", ["--lag", "soon"], "must be a number of milliseconds from 0 to 3600000"],
    [
      "a seed with a mistake",
      ["--seed", seedFile("role.json", '{"organizations":[]}')],
      "error: seed: organizations is empty",
    ],
    [
      "a token together with the seed's own users",
      ["--token", "t", "--seed", seedFile("users.json", '{"serviceUsers":[]}')],
      "error: --token is for the default user",
    ],
  ])("rejects %s", async (_, args, message) => {
    const { status, stderr } = await cli(["emulator", ...args]);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });

  test.each([
    ["JSON without an end", "a.json", '{"organizations": [', "1:20: Flow sequence in block"],
    ["JSON without a value", "b.json", '{\n  "instance": }', "2:15: instance must be an object"],
    [
      "YAML with a quote too few",
      "c.yaml",
      'organizations:\n  - name: "x\n',
      "3:1: Missing closing",
    ],
    ["a list", "d.json", "[]", "1:1: the seed must be an object"],
    ["nothing", "e.yaml", "", "1:1: the seed must be an object"],
    ["a duplicate member", "f.yaml", "humans: []\nhumans: []\n", "2:1: Map keys must be unique"],
    [
      "an unknown member",
      "g.yaml",
      "organizations:\n  - name: Acme\n    nam: x\n",
      "3:5: organizations[0] has no member nam; the members are id, name, state",
    ],
    [
      "a missing member",
      "h.yaml",
      "serviceUsers:\n  - name: ci\n",
      "2:5: serviceUsers[0] needs the member organization",
    ],
    [
      "an id that YAML reads as a number",
      "i.yaml",
      "organizations:\n  - id: 69629023906488334\n    name: Acme\n",
      "2:9: organizations[0].id must be text; put it in quotes",
    ],
    [
      "text instead of a list",
      "j.yaml",
      "serviceUsers:\n  - { name: ci, organization: A, organizationRoles: { A: ORG_OWNER } }\n",
      "2:58: serviceUsers[0].organizationRoles.A must be a list",
    ],
    [
      "text for a flag",
      "k.yaml",
      "instance:\n  allowPrivateUrls: maybe\n",
      "2:21: instance.allowPrivateUrls must be true or false",
    ],
  ])("rejects a seed with %s, with line and column", async (_, name, content, message) => {
    const file = seedFile(name, content);
    const { status, stderr } = await cli(["emulator", "--port", "0", "--seed", file]);
    expect(status).toBe(1);
    expect(stderr).toContain(`error: ${file}:${message}`);
  });

  test("no message repeats a secret of the seed", async () => {
    const file = seedFile(
      "secret.yaml",
      'serviceUsers:\n  - { name: ci, organization: A, token: [planted] }\n  - "planted\n',
    );
    const { stderr } = await cli(["emulator", "--port", "0", "--seed", file]);
    expect(stderr).toContain("error: ");
    expect(stderr).not.toContain("planted");
  });

  test("takes a seed in YAML, with anchors", async () => {
    const seed = seedFile(
      "seed.yaml",
      `
organizations:
  - { id: "7", name: Acme }
serviceUsers:
  - { name: ci, organization: Acme, token: t, organizationRoles: { Acme: [ORG_OWNER] } }
providers:
  - owner: Acme
    rpc: AddGoogleProvider
    request: &google { name: One, clientId: c, clientSecret: s, scopes: [openid] }
  - owner: Acme
    rpc: AddGoogleProvider
    request: *google
`,
    );
    const child = start(program, ["emulator", "--port", "0", "--seed", seed]);
    const [, url = ""] = await waitForOutput(child, /on (http:\/\/localhost:\d+)[^]*Ctrl\+C/);
    await using client = createIdpClient({ baseUrl: url, auth: "t" });
    const { result } = await client.management.listProviders({});
    expect(result.map(({ name }) => name)).toEqual(["One", "One"]);
    child.kill("SIGTERM");
    await waitForExit(child);
  });

  test("logs each request on one line", async () => {
    const child = start(program, ["emulator", "--port", "0", "--token", "mine"]);
    const log = waitForOutput(child, /not_found[^\n]*\n[^\n]*healthz[^\n]*\n/);
    const [, url = ""] = await waitForOutput(child, /on (http:\/\/localhost:\d+)[^]*Ctrl\+C/);
    await using client = createIdpClient({ baseUrl: url, auth: "mine" });
    await client.admin.addGoogleProvider({ clientId: "c", clientSecret: "planted" });
    await client.management.getProviderByID({ id: "1" }).catch(() => undefined);
    await fetch(`${url}/debug/healthz?token=planted`);
    const [, lines = ""] = /Ctrl\+C\.\n\n([^]*)/.exec((await log).input) ?? [];
    const time = String.raw`\d\d:\d\d:\d\d\.\d{3}`;
    expect(lines).toMatch(
      new RegExp(
        `^${time} grpc     admin AddGoogleProvider +ok [\\d.]+ ms\n` +
          `${time} grpc     management GetProviderByID +not_found QUERY-SAFrt [\\d.]+ ms\n` +
          `${time} other    GET /debug/healthz +200 [\\d.]+ ms\n$`,
      ),
    );
    child.kill("SIGTERM");
    await waitForExit(child);
  });

  test("--json prints each event as a line of JSON", async () => {
    const child = start(program, ["emulator", "--port", "0", "--token", "mine", "--json"]);
    const log = waitForOutput(child, /^\{"event":"request".*\n/m);
    const [greeting = ""] = await waitForOutput(child, /^.*"event":"listening".*\n/);
    const { url, ...rest } = JSON.parse(greeting) as Record<string, string>;
    expect(rest).toEqual({
      event: "listening",
      token: "mine",
      orgId: expect.stringMatching(/^\d+$/) as string,
      instanceId: expect.stringMatching(/^\d+$/) as string,
    });
    await using client = createIdpClient({ baseUrl: url ?? "", auth: "mine", protocol: "json" });
    await client.management.addGoogleProvider({ clientId: "c", clientSecret: "planted" });
    expect(JSON.parse((await log)[0])).toMatchObject({
      event: "request",
      protocol: "json",
      rpc: "AddGoogleProvider",
      request: { clientId: "c", clientSecret: "[redacted]" },
      user: "owner",
      status: 200,
    });
    child.kill("SIGTERM");
    await waitForExit(child);
  });

  test("can be quiet, and lag", async () => {
    const child = start(program, [
      "emulator",
      "--port",
      "0",
      "--token",
      "t",
      "--quiet",
      "--lag",
      "3600000",
    ]);
    const end = waitForExit(child);
    const [, url = ""] = await waitForOutput(child, /on (http:\/\/localhost:\d+)[^]*Ctrl\+C/);
    await using client = createIdpClient({ baseUrl: url, auth: "t" });
    await client.management.addGoogleProvider({ clientId: "c", clientSecret: "s" });
    const { result } = await client.management.listProviders({});
    expect(result).toEqual([]);
    child.kill("SIGTERM");
    expect((await end).stdout).toMatch(/Stop with Ctrl\+C\.\n\n$/);
  });

  test("--version prints the version of the package", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(await run(program, ["--version"])).toEqual({
      status: 0,
      stdout: `${version}\n`,
      stderr: "",
    });
  });
});
