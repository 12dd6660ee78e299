import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createEmulator } from "zitadel-idp/emulator";
import type { Plan } from "../../src/providers/index.js";
import { plantedSecret, twoOrganizations, useCli } from "../support/use-cli.js";
import { googleFile } from "./google-file.js";

const { emulator, folder, listener, write, zitadel } = await useCli(twoOrganizations);

const note =
  "note: changed secrets are not detected without ZITADEL_IDP_STATE_KEY. Secrets are sent only for new providers and with --rotate.\n";
const key = { ZITADEL_IDP_STATE_KEY: "0123456789abcdef" };

describe("plan and apply", () => {
  test("show the changes, make them, and then have nothing to do", async () => {
    const file = write(googleFile);
    const planned = `organization:
  + create google "Google"
      clientId: "g"
      options: {"isLinkingAllowed":true}
      clientSecret: (set)
  + create a login policy for this organization
      a copy of the instance's default, without its later changes
  > activate google "Google"

2 to create, 1 to activate or deactivate; 0 unchanged, 0 not listed.
`;
    expect(await zitadel(["plan", file])).toEqual({ status: 2, stdout: planned, stderr: note });
    const { status, stdout, stderr } = await zitadel(["apply", file, "--yes"]);
    expect([status, stderr]).toEqual([0, note]);
    expect(stdout).toMatch(
      /^organization:[^]*created google "Google" \(\d+\), organization\n[^]*\n3 done\.\n$/,
    );
    expect(await zitadel(["plan", file, "--quiet"])).toEqual({
      status: 0,
      stdout: "Nothing to do: 1 unchanged, 0 not listed.\n",
      stderr: "",
    });
    expect((await zitadel(["apply", file])).status).toBe(0);
    expect(existsSync(`${file}.state.json`)).toBe(true);
  });

  test("detect changed secrets by the state file", async () => {
    const file = write(googleFile);
    expect((await zitadel(["apply", file, "-y"], { env: key })).stderr).toBe("");
    const state = `${file}.state.json`;
    expect(readFileSync(state, "utf8")).not.toContain(plantedSecret);
    expect(statSync(state).mode & 0o777).toBe(0o600);
    expect((await zitadel(["plan", file], { env: key })).status).toBe(0);
    const changed = await zitadel(["plan", file], { env: { ...key, SECRET: "another" } });
    expect(changed).toMatchObject({ status: 2 });
    expect(changed.stdout).toContain("clientSecret: (rotate)");
    const short = await zitadel(["plan", file], { env: { ZITADEL_IDP_STATE_KEY: "short" } });
    expect(short).toMatchObject({
      status: 1,
      stderr: "error: ZITADEL_IDP_STATE_KEY must have at least 16 characters\n",
    });
  });

  test.each([
    ["--no-state", (file: string) => [file, "--no-state"], undefined],
    ["--state", (file: string) => [file, "--state", join(folder, "other.json")], "other.json"],
  ])("%s determines the state file", async (_, args, kept) => {
    const file = write(googleFile);
    expect((await zitadel(["apply", ...args(file), "--yes"])).status).toBe(0);
    expect(existsSync(`${file}.state.json`)).toBe(false);
    expect(kept === undefined || existsSync(join(folder, kept))).toBe(true);
  });

  test("a saved plan is applied, including rotations, or rejected as stale", async () => {
    const file = write(googleFile);
    const out = join(folder, "plan.json");
    await zitadel(["plan", file, "--out", out]);
    expect((await zitadel(["apply", file, "--plan", out, "--yes"])).status).toBe(0);
    const again = await zitadel(["apply", file, "--plan", out, "--yes"]);
    expect(again).toMatchObject({ status: 0 });
    expect(again.stdout).toContain("\nNothing was left to do.\n");

    expect((await zitadel(["plan", file, "--rotate", "Google", "--out", out])).status).toBe(2);
    const rotated = await zitadel(["apply", file, "--plan", out, "--yes", "--json"]);
    expect(JSON.parse(rotated.stdout)).toMatchObject({
      ok: true,
      results: [{ status: "done", action: { secrets: { clientSecret: "rotate" } } }],
    });

    write(googleFile.replace("clientId: g", "clientId: other"));
    const stale = await zitadel(["apply", file, "--plan", out, "--yes", "--json"]);
    expect(stale).toMatchObject({ status: 1, stdout: "" });
    expect(JSON.parse(stale.stderr)).toMatchObject({
      error: { code: "refused", reason: "stale_plan", problems: [{ path: ["organization"] }] },
    });
  });

  test.each([
    ["text", "not a plan: x", "is not JSON: create the plan again"],
    ["another version", '{"version":2,"owners":[]}', "is not a plan of version 1"],
    ["no actions", '{"version":1,"owners":[{"owner":{}}]}', "is not a plan of version 1"],
  ])("a plan file with %s is rejected", async (_, text, message) => {
    const bad = write(text, "plan.json");
    const { status, stderr } = await zitadel(["apply", write(googleFile), "--plan", bad, "--yes"]);
    expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
  });

  test("ask on a terminal, with colours, and fail without one", async () => {
    const file = write(googleFile);
    expect(await zitadel(["apply", file, "-q"])).toMatchObject({
      status: 1,
      stderr: "error: confirmation needs a terminal: pass --yes to skip the question\n",
    });
    const no = await zitadel(["apply", file], { isTerminal: true, stdin: "\n" });
    expect(no.status).toBe(1);
    expect(no.stdout).toContain('\u001b[32m  + create google "Google"\u001b[0m');
    expect(no.stderr).toContain(
      "Apply this plan? [y/N] error: not confirmed: nothing was changed\n",
    );
    const yes = await zitadel(["apply", file], { isTerminal: true, stdin: "yes\n" });
    expect(yes.status).toBe(0);
    expect(yes.stderr).toContain("\r\u001b[2Kapplying to organization (3/3)\r\u001b[2K");
  });

  test("an error replaces the progress line", async () => {
    const file = write("organization: { providers: [{ id: '9', type: google, clientId: c }] }\n");
    const { stderr } = await zitadel(["plan", file], { isTerminal: true });
    expect(stderr).toBe(
      `\r\u001b[2Kread organization (1/1)\r\u001b[2Kerror: ${file}:1:29: organization.providers[0]: there is no provider with the id 9\n`,
    );
  });

  test("a damaged state file is reported with its path", async () => {
    const file = write(googleFile);
    write("{", "providers.yaml.state.json");
    expect((await zitadel(["plan", file, "-q"])).stderr).toBe(
      `error: the state file ${file}.state.json is not JSON: restore it, or delete it to start over\n`,
    );
  });

  test("a plan is written to a device, which is not replaced by a file", async () => {
    expect((await zitadel(["plan", write(googleFile), "--out", "/dev/null"])).status).toBe(2);
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
    const { stderr } = await zitadel(["plan", write(googleFile), "-q", "--out", "/nowhere/x"]);
    expect(stderr).toMatch(
      /^error: cannot write \/nowhere\/x: its folder does not exist \(ENOENT\)/,
    );
  });

  test.each([
    ["NO_COLOR", [], { NO_COLOR: "1" }],
    ["--no-color", ["--no-color"], {}],
    ["TERM=dumb", [], { TERM: "dumb" }],
  ])("%s has no colours", async (_, args, env) => {
    const { stdout } = await zitadel(["plan", write(googleFile), ...args], {
      isTerminal: true,
      env,
    });
    expect(stdout).not.toContain("\u001b");
  });

  test("providers that do not fit ZITADEL's data are reported with line and column", async () => {
    const file = write(`organization:
  providers:
    - { type: google, clientId: g }
    - type: oidc
      name: Acme
      issuer: https://a.example
      clientId: a
    - { id: "99", type: github, clientId: h }
`);
    const { status, stderr } = await zitadel(["plan", file]);
    expect(status).toBe(1);
    expect(stderr.split("\n").map((line) => line.replace(`error: ${file}:`, ""))).toEqual([
      "3:7: organization.providers[0].clientSecret: is required to add google, which does not exist yet",
      '4:7: organization.providers[1].clientSecret: is required to add oidc "Acme", which does not exist yet',
      "8:7: organization.providers[2]: there is no provider with the id 99",
      "",
    ]);
    const json = await zitadel(["plan", file, "--json"]);
    expect(JSON.parse(json.stderr)).toMatchObject({
      error: {
        code: "file",
        reason: "not_expressible",
        problems: [
          { file, line: 3, column: 7, path: ["organization", "providers", 0, "clientSecret"] },
          { line: 4 },
          { line: 8 },
        ],
      },
    });
  });

  test("a failed action is reported with the others, and the status is 1", async () => {
    await using broken = await createBroken();
    const file = write(googleFile);
    const env = { ZITADEL_URL: broken.url };
    const { status, stdout } = await zitadel(["apply", file, "--yes", "--json"], { env });
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      results: [
        { status: "failed", error: { code: "permission_denied" } },
        { status: "skipped" },
        { status: "skipped" },
      ],
    });
    const text = await zitadel(["apply", file, "--yes"], { env });
    expect(text.stdout).toMatch(
      /failed to create google "Google", organization\n {4}error: .*\n {6}you are viewer [^]*\nskipped: [^]*1 failed, 2 skipped\.\n$/,
    );
  });

  test("Ctrl+C ends the run", async () => {
    const interruption = new AbortController();
    const file = write(googleFile);
    const { status } = await zitadel(["apply", file, "--yes"], {
      isTerminal: true,
      signal: interruption.signal,
      onStderr: (text) => {
        if (text.includes("checked")) {
          interruption.abort(new Error("interrupted"));
        }
      },
    });
    expect(status).toBe(130);
  });

  test("never show a variable that is not allowed", async () => {
    const file = write(googleFile.replace("clientId: g", 'clientId: "${SECRET}"'));
    const out = join(folder, "plan.json");
    for (const args of [
      ["plan", file],
      ["plan", file, "--json"],
      ["plan", file, "--out", out],
      ["apply", file, "--yes"],
    ]) {
      // prettier-ignore
      const { status, stdout, stderr } = await zitadel(args);
      expect([status, stdout]).toEqual([1, ""]);
      expect(stderr).toContain("allow that with --allow-env SECRET");
    }
    expect(existsSync(out)).toBe(false);
    expect(emulator.log.filter(({ rpc }) => rpc !== undefined)).toEqual([]);
  });

  test("show a variable that a flag, the profile or its name allows", async () => {
    const file = write(googleFile.replace("clientId: g", 'clientId: "${CLIENT}"'));
    const env = { CLIENT: "of-production" };
    const flag = await zitadel(["plan", file, "--allow-env", "CLIENT", "-q"], { env });
    expect(flag.stdout).toContain('clientId: "of-production"');
    const profiles = write(
      `profiles: { p: { url: "${listener.url}", tokenFile: token, allowEnv: [OTHER, CLIENT] } }`,
      "profiles.yaml",
    );
    write("tok\n", "token");
    const args = ["plan", file, "-q", "--profiles", profiles, "--profile", "p"];
    expect((await zitadel(args, { env })).stdout).toBe(flag.stdout);
    write(googleFile.replace("clientId: g", 'clientId: "${ZITADEL_IDP_VAR_ID}"'));
    const named = await zitadel(["plan", file, "-q"], {
      env: { ZITADEL_IDP_VAR_ID: "of-production" },
    });
    expect(named.stdout).toBe(flag.stdout);
  });

  test("report each organization that fails, and read the others", async () => {
    await using broken = await createBroken();
    const file = write(
      "organizations: { '7': { providers: [] }, '8': { providers: [] }, '9': { providers: [] } }\n",
    );
    const env = { ZITADEL_URL: broken.url };
    const { status, stderr } = await zitadel(["plan", file], { env });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^error: the plan:\n {2}organizations\.8: \[permission_denied\][^\n]*\n {2}organizations\.9: \[permission_denied\][^\n]*\n {2}you are viewer [^\n]*\n {2}your roles: none on the instance\n {2}you have ORG_OWNER_VIEWER in organization Acme \(7\): use --org 7\nSee docs\/errors\.md#auth-bs7ds in the package zitadel-idp\n$/,
    );
    const json = await zitadel(["plan", file, "--json"], { env });
    expect(JSON.parse(json.stderr)).toMatchObject({
      error: {
        code: "permission_denied",
        reason: "unreadable",
        problems: [{ path: ["organizations", "8"] }, { path: ["organizations", "9"] }],
      },
    });
  });

  test("--json prints the plan itself", async () => {
    const { stdout, stderr } = await zitadel(["plan", "-", "--json"], { stdin: googleFile });
    expect(stderr).toBe("");
    const { version, owners } = JSON.parse(stdout) as Plan;
    expect([version, owners[0]?.actions.length]).toEqual([1, 3]);
  });

  test("apply reports a rename with the old and the new name", async () => {
    const file = write(googleFile);
    await zitadel(["apply", file, "--yes"]);
    write(googleFile.replace("name: Google", "name: Google Login"));
    const { stdout } = await zitadel(["apply", file, "--yes"]);
    expect(stdout).toMatch(/\nrenamed google "Google" \(\d+\) to "Google Login", organization\n/);
  });

  test("prune providers that an earlier apply created", async () => {
    const file = write(googleFile);
    await zitadel(["apply", file, "--yes"]);
    write("organization: { providers: [], prune: true }\n");
    const { stdout } = await zitadel(["apply", file, "--yes"]);
    expect(stdout).toContain('  - delete google "Google"');
    expect(stdout).toContain("1 done.");
  });
});

/** Starts an emulator whose user may read but not write. */
async function createBroken(): Promise<AsyncDisposable & { url: string }> {
  const broken = createEmulator({
    seed: {
      organizations: [{ id: "7", name: "Acme" }],
      serviceUsers: [
        {
          name: "viewer",
          organization: "Acme",
          token: "tok",
          organizationRoles: { Acme: ["ORG_OWNER_VIEWER"] },
        },
      ],
    },
  });
  const { url } = await broken.listen();
  return { url, [Symbol.asyncDispose]: () => broken.close() };
}
