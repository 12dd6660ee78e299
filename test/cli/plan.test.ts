import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { createProviders, type Plan, type ProviderSettings } from "../../src/providers/index.js";
import { cli, type CliEnvironment } from "../support/cli.js";
import type { Ended } from "../support/program.js";
import { createRandom } from "../support/random-message.js";
import { providerTypeNames, randomSettings } from "../support/random-settings.js";

const secret = "planted-s3cret";
let folder: string;
let emulator: Emulator;
let listener: Listener;
let client: IdpClient;
beforeAll(async () => {
  emulator = createEmulator({
    seed: {
      organizations: [
        { id: "7", name: "Acme" },
        { id: "8", name: "Other" },
      ],
      serviceUsers: [
        { name: "owner", organization: "Acme", token: "tok", instanceRoles: ["IAM_OWNER"] },
      ],
    },
  });
  listener = await emulator.listen();
  client = createIdpClient({ baseUrl: listener.url, auth: "tok" });
});
beforeEach(() => {
  emulator.reset();
  folder = mkdtempSync(join(tmpdir(), "zitadel-idp-"));
  return () => rmSync(folder, { recursive: true, force: true });
});
afterAll(async () => {
  await client.close();
  await emulator.close();
});

async function zitadel(args: readonly string[], more: CliEnvironment = {}): Promise<Ended> {
  const env = { ZITADEL_URL: listener.url, ZITADEL_TOKEN: "tok", SECRET: secret, ...more.env };
  const ended = await cli(args, { ...more, env });
  expect(ended.stdout + ended.stderr).not.toContain(secret);
  return ended;
}

function write(text: string, name = "providers.yaml"): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const google = `organization:
  providers:
    - type: google
      name: Google
      clientId: g
      clientSecret: "\${SECRET}"
      options: { isLinkingAllowed: true }
      active: true
  createLoginPolicy: true
`;
const note =
  "note: changed secrets are not detected without ZITADEL_IDP_STATE_KEY. Secrets are sent only for new providers and with --rotate.\n";
const key = { ZITADEL_IDP_STATE_KEY: "0123456789abcdef" };

describe("plan and apply", () => {
  test("show the changes, make them, and then have nothing to do", async () => {
    const file = write(google);
    const planned = `organization:
  + add google "Google"
      clientId: "g"
      options: {"isLinkingAllowed":true}
      clientSecret: (set)
  + add a login policy of its own
      a copy of the instance's default, which later changes of that do not reach
  > offer google "Google" on the login page

2 to add, 1 to switch; 0 unchanged, 0 not listed.
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
    const file = write(google);
    expect((await zitadel(["apply", file, "-y"], { env: key })).stderr).toBe("");
    const state = `${file}.state.json`;
    expect(readFileSync(state, "utf8")).not.toContain(secret);
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
    const file = write(google);
    expect((await zitadel(["apply", ...args(file), "--yes"])).status).toBe(0);
    expect(existsSync(`${file}.state.json`)).toBe(false);
    expect(kept === undefined || existsSync(join(folder, kept))).toBe(true);
  });

  test("a saved plan is applied, including rotations, or rejected as stale", async () => {
    const file = write(google);
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

    write(google.replace("clientId: g", "clientId: other"));
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
    const { status, stderr } = await zitadel(["apply", write(google), "--plan", bad, "--yes"]);
    expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
  });

  test("ask on a terminal, with colours, and fail without one", async () => {
    const file = write(google);
    expect(await zitadel(["apply", file, "-q"])).toMatchObject({
      status: 1,
      stderr: "error: confirmation needs a terminal: pass --yes to skip the question\n",
    });
    const no = await zitadel(["apply", file], { isTerminal: true, stdin: "\n" });
    expect(no.status).toBe(1);
    expect(no.stdout).toContain('\u001b[32m  + add google "Google"\u001b[0m');
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
    const file = write(google);
    write("{", "providers.yaml.state.json");
    expect((await zitadel(["plan", file, "-q"])).stderr).toBe(
      `error: the state file ${file}.state.json is not JSON: restore it, or delete it to start over\n`,
    );
  });

  test("a plan is written to a device, which is not replaced by a file", async () => {
    expect((await zitadel(["plan", write(google), "--out", "/dev/null"])).status).toBe(2);
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
    const { stderr } = await zitadel(["plan", write(google), "-q", "--out", "/nowhere/x"]);
    expect(stderr).toMatch(
      /^error: cannot write \/nowhere\/x: its folder does not exist \(ENOENT\)/,
    );
  });

  test.each([
    ["NO_COLOR", [], { NO_COLOR: "1" }],
    ["--no-color", ["--no-color"], {}],
    ["TERM=dumb", [], { TERM: "dumb" }],
  ])("%s has no colours", async (_, args, env) => {
    const { stdout } = await zitadel(["plan", write(google), ...args], { isTerminal: true, env });
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
    const file = write(google);
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
    const file = write(google);
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
    const file = write(google.replace("clientId: g", 'clientId: "${SECRET}"'));
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
    const file = write(google.replace("clientId: g", 'clientId: "${CLIENT}"'));
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
    write(google.replace("clientId: g", 'clientId: "${ZITADEL_IDP_VAR_ID}"'));
    const named = await zitadel(["plan", file, "-q"], {
      env: { ZITADEL_IDP_VAR_ID: "of-production" },
    });
    expect(named.stdout).toBe(flag.stdout);
  });

  test("report each organization that fails, and still read the others", async () => {
    await using broken = await createBroken();
    const file = write(
      "organizations: { '7': { providers: [] }, '8': { providers: [] }, '9': { providers: [] } }\n",
    );
    const env = { ZITADEL_URL: broken.url };
    const { status, stderr } = await zitadel(["plan", file], { env });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^error: the plan:\n {2}organizations\.8: \[permission_denied\][^\n]*\n {2}organizations\.9: \[permission_denied\][^\n]*\n {2}you are viewer [^\n]*\n {2}your roles: none on the instance\n {2}you have ORG_OWNER_VIEWER in organization Acme \(7\): use --org 7\nSee docs\/errors\.md#auth-bs7ds\n$/,
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
    const { stdout, stderr } = await zitadel(["plan", "-", "--json"], { stdin: google });
    expect(stderr).toBe("");
    const { version, owners } = JSON.parse(stdout) as Plan;
    expect([version, owners[0]?.actions.length]).toEqual([1, 3]);
  });

  test("prune providers that an earlier apply created", async () => {
    const file = write(google);
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

describe("the file of --out", () => {
  const own = "# mine\n";

  test.each([
    ["export", (out: string) => ["export", "--out", out]],
    ["plan", (out: string) => ["plan", write(google), "-q", "--out", out]],
  ])("of %s is not replaced without --force or a confirmation", async (name, args) => {
    const out = write(own, "out");
    expect(await zitadel(args(out))).toMatchObject({
      status: 1,
      stdout: "",
      stderr: `error: --out: ${out} already exists with different content: pass --force to overwrite it, or choose another name\n`,
    });
    const no = await zitadel(args(out), { isTerminal: true, stdin: "\n" });
    expect(no.stderr).toContain(
      `${out} already exists with different content. Overwrite it? [y/N] `,
    );
    expect([no.status, readFileSync(out, "utf8")]).toEqual([1, own]);

    const done = name === "plan" ? 2 : 0;
    const yes = await zitadel(args(out), { isTerminal: true, stdin: "y\n" });
    expect(yes.status).toBe(done);
    const written = readFileSync(out, "utf8");
    expect(written).not.toBe(own);
    // A file with the same content needs no confirmation.
    expect((await zitadel(args(out))).status).toBe(done);
    write(own, "out");
    expect((await zitadel([...args(out), "--force"])).status).toBe(done);
    expect(readFileSync(out, "utf8")).toBe(written);
  });

  test("may be an empty file, and a plan may be replaced by the next one", async () => {
    const out = write("", "out");
    expect((await zitadel(["plan", write(google), "-q", "--out", out])).status).toBe(2);
    const other = write(google.replace("clientId: g", "clientId: other"));
    expect((await zitadel(["plan", other, "-q", "--out", out])).status).toBe(2);
    expect(readFileSync(out, "utf8")).toContain("other");
    // An export does not replace a plan.
    expect((await zitadel(["export", "--out", out])).status).toBe(1);
  });
});

describe("export", () => {
  test("of random providers of all types plans to no change, in YAML and JSON", async () => {
    const random = createRandom(20261122);
    const providers = createProviders(client, { owner: "org" });
    for (const type of providerTypeNames) {
      for (let round = 0; round < 4; round++) {
        await providers.add(randomSettings(type, random));
      }
    }
    const odd = "${NOT_A_VARIABLE} $${x} \u009b\u202e\u2028\ufeff\t#:- 'x' \"y\"\n\r\n z \\u0041";
    await providers.add({ type: "google", name: odd, clientId: "0123", clientSecret: "s" });
    for (const args of [[], ["--json"], ["--ids"]]) {
      const { stdout, stderr } = await zitadel(["export", ...args]);
      expect(stderr).toBe("");
      expect(await zitadel(["plan", "-", "--quiet"], { stdin: stdout })).toEqual({
        status: 0,
        stdout: `Nothing to do: ${4 * providerTypeNames.length + 1} unchanged, 0 not listed.\n`,
        stderr: "",
      });
    }
  });

  test("has a comment at the place of each secret, and works with the secrets", async () => {
    const providers = createProviders(client, { owner: "instance" });
    const settings: ProviderSettings[] = [
      { type: "google", clientId: "a", clientSecret: "s" },
      { type: "oidc", name: "Acme Login", issuer: "i", clientId: "a", clientSecret: "s" },
      {
        type: "oidc",
        name: "acme-login",
        issuer: "i",
        clientId: "a",
        clientSecret: "s",
        usePkce: true,
      },
    ];
    for (const each of settings) {
      await providers.add(each);
    }
    const out = join(folder, "out.yaml");
    const args = ["export", "--instance", "--no-active", "--schema", "s.json", "--out", out];
    expect(await zitadel(args)).toEqual({
      status: 0,
      stdout: "",
      stderr: `Wrote 3 providers to ${out}.\n`,
    });
    const text = readFileSync(out, "utf8");
    expect(text).toBe(`# yaml-language-server: $schema=s.json
# ZITADEL never returns secrets. To set one, remove the # before it.

instance:
  providers:
    - type: google
      clientId: a
      # clientSecret: \${GOOGLE_CLIENT_SECRET}
    - type: oidc
      name: Acme Login
      issuer: i
      clientId: a
      # clientSecret: \${ACME_LOGIN_CLIENT_SECRET}
    - type: oidc
      name: acme-login
      issuer: i
      clientId: a
      # clientSecret: \${ACME_LOGIN_CLIENT_SECRET_2}
      usePkce: true
`);
    write(text.replaceAll("# clientSecret", "clientSecret"));
    const env = {
      GOOGLE_CLIENT_SECRET: secret,
      ACME_LOGIN_CLIENT_SECRET: secret,
      ACME_LOGIN_CLIENT_SECRET_2: secret,
    };
    expect((await zitadel(["plan", join(folder, "providers.yaml")], { env })).status).toBe(0);
  });
});

describe("export of legacy IDPs and of providers of the instance", () => {
  const weird = "Gr\u00fc\u00dfe\n#:- ${NOT_A_VARIABLE} \u001b[31m";
  let old: string;
  let offered: string;
  beforeEach(async () => {
    const legacy = { issuer: "i", clientId: "c", clientSecret: "s" };
    old = (await client.management.addOrgOIDCIDP({ ...legacy, name: weird })).idpId;
    offered = (await client.management.addOrgOIDCIDP({ ...legacy, name: "Old" })).idpId;
    const shared = createProviders(client, { owner: "instance" });
    const { id } = await shared.add({ type: "github", name: "Shared", clientId: "c", clientSecret: "s" }); // prettier-ignore
    const org = createProviders(client, { owner: "org" });
    await org.activate(offered, { createPolicy: true });
    await org.activate(id);
  });

  test("names the legacy IDPs that the file leaves out, those on the login page first, and the file plans to no change", async () => {
    const label = `legacyOidc "Gr\u00fc\u00dfe\\n#:- \${NOT_A_VARIABLE} \\u001b[31m" (${old})`;
    const { status, stdout, stderr } = await zitadel(["export"]);
    expect([status, stderr]).toEqual([
      0,
      `warning: the file leaves out legacyOidc "Old" (${offered}), which the login page offers: plan and apply can only remove a legacy IDP\nnote: the file leaves out ${label}: plan and apply can only remove a legacy IDP\n`,
    ]);
    expect(stdout.split("\n").slice(1)).toEqual([
      "# ZITADEL never returns secrets. To set one, remove the # before it.",
      "# Left out, because plan and apply can only remove legacy IDPs:",
      `# - legacyOidc "Old" (${offered}), which the login page offers`,
      `# - ${label}`,
      "",
      "organization:",
      "  createLoginPolicy: true",
      "  providers:",
      "    - instance: true",
      "      name: Shared",
      "      active: true",
      "",
    ]);
    const json = (await zitadel(["export", "--json"])).stdout;
    expect(JSON.parse(json)).toEqual({
      organization: {
        createLoginPolicy: true,
        providers: [{ instance: true, name: "Shared", active: true }],
      },
      // The file is read again, so a reference in a name is escaped.
      $leftOut: [
        { id: offered, type: "legacyOidc", name: "Old", active: true },
        { id: old, type: "legacyOidc", name: weird.replace("${", () => "$${"), active: false },
      ],
    });
    for (const stdin of [stdout, json]) {
      expect(await zitadel(["plan", "-"], { stdin })).toEqual({
        status: 0,
        stdout: "Nothing to do: 1 unchanged, 2 not listed.\n",
        stderr: "",
      });
    }
  });

  test("makes another organization offer the same, and the counts leave the entries of the instance out", async () => {
    const file = join(folder, "out.yaml");
    const { stderr } = await zitadel(["export", "--out", file]);
    expect(stderr).toContain(`Wrote 0 providers to ${file}.`);
    const there = ["apply", file, "--org", "8", "--yes", "--no-state"];
    expect((await zitadel(there)).status).toBe(0);
    expect((await zitadel(["plan", file, "--org", "8", "--no-state"])).status).toBe(0);
    const shown = await zitadel(["list", "--org", "8", "--inherited"]);
    expect(shown.stdout).toMatch(/github +Shared +active +instance +yes/);
  });

  test("a legacy IDP that is listed as absent is removed", async () => {
    const file = write(`organization:
  providers:
    - { absent: true, type: legacyOidc, name: Old }
    - { absent: true, id: "${old}" }
`);
    const planned = await zitadel(["plan", file]);
    expect(planned.status).toBe(2);
    expect(planned.stdout).toContain(`- delete legacyOidc "Old" (${offered})`);
    const applied = await zitadel(["apply", file, "--yes"]);
    expect([applied.status, applied.stdout]).toEqual([
      0,
      expect.stringContaining(`deleted legacyOidc "Old" (${offered})`),
    ]);
    expect((await client.management.listOrgIDPs({})).result).toEqual([]);
    expect((await zitadel(["plan", file])).status).toBe(0);
  });
});

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

  describe("of organizations that offer providers of the instance", () => {
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

    test("lists those that only one of them offers, and compares no settings of them", async () => {
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

    test("does not take an own provider for one of the instance", async () => {
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

    test("counts those of the default login policy, and leaves them out beside the instance itself", async () => {
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
