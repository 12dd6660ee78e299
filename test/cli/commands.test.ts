import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { cli, type CliEnvironment } from "../support/cli.js";
import type { ProgramResult } from "../support/program.js";

const folder = mkdtempSync(join(tmpdir(), "zitadel-idp-"));
const secret = "planted-s3cret";
writeFileSync(join(folder, "secret.txt"), `${secret}\n`);
writeFileSync(
  join(folder, "metadata.xml"),
  '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="e"><IDPSSODescriptor/></EntityDescriptor>',
);

let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  emulator = createEmulator({
    seed: {
      organizations: [{ id: "7", name: "Acme" }],
      serviceUsers: [
        { name: "owner", organization: "Acme", token: "tok", instanceRoles: ["IAM_OWNER"] },
      ],
      providers: [
        {
          id: "100",
          owner: "Acme",
          rpc: "AddGenericOIDCProvider",
          request: {
            name: "Acme Login",
            issuer: "https://a.example",
            clientId: "a",
            clientSecret: "s",
          },
        },
        {
          id: "101",
          owner: "Acme",
          rpc: "AddGoogleProvider",
          request: { name: "Google", clientId: "g", clientSecret: "s" },
        },
        {
          id: "102",
          owner: "Acme",
          rpc: "AddGoogleProvider",
          request: { name: "Google", clientId: "g2", clientSecret: "s" },
        },
        {
          id: "200",
          owner: "instance",
          rpc: "AddGitHubProvider",
          request: { name: "GitHub", clientId: "h", clientSecret: "s" },
        },
        {
          id: "103",
          owner: "Acme",
          rpc: "AddOrgOIDCIDP",
          request: { name: "old", issuer: "https://o.example", clientId: "o", clientSecret: "s" },
        },
      ],
      humans: [
        {
          id: "h1",
          name: "ann",
          organization: "Acme",
          links: [{ idp: "100", userId: "x", userName: "ann" }],
        },
        { id: "h2", name: "bob", organization: "Acme" },
      ],
    },
  });
  listener = await emulator.listen();
});
beforeEach(() => emulator.reset());
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

async function zitadel(args: readonly string[], more: CliEnvironment = {}): Promise<ProgramResult> {
  const env = { ZITADEL_URL: listener.url, ZITADEL_TOKEN: "tok", SECRET: secret, ...more.env };
  const ended = await cli(args, { ...more, env });
  expect(ended.stdout + ended.stderr).not.toContain(secret);
  return ended;
}

async function json(...args: readonly string[]): Promise<unknown> {
  const ended = await zitadel([...args, "--json"]);
  expect(ended).toMatchObject({ status: 0, stderr: "" });
  return JSON.parse(ended.stdout);
}

describe("list", () => {
  test("prints a table", async () => {
    expect(await zitadel(["list"])).toEqual({
      status: 0,
      stderr: "",
      stdout: `ID   TYPE        NAME        STATE   OWNER  LOGIN PAGE
101  google      Google      active  org    no
102  google      Google      active  org    no
103  legacyOidc  old         active  org    no
100  oidc        Acme Login  active  org    no
`,
    });
  });

  test.each([
    [
      ["--name", "Google"],
      ["101", "102"],
    ],
    [["--contains", "LOGIN"], ["100"]],
    [
      ["--type", "oidc", "--type", "legacyOidc"],
      ["103", "100"],
    ],
    [["--state", "inactive"], []],
    [["--owner", "instance"], ["200"]],
    [
      ["--inherited", "--contains", "g"],
      ["200", "101", "102", "100"],
    ],
    [["--instance"], ["200"]],
  ])("%j lists %j", async (args, ids) => {
    const found = (await json("list", ...args)) as { id: string; active: boolean }[];
    expect(found.map(({ id }) => id)).toEqual(ids);
    expect(found.every(({ active }) => !active)).toBe(true);
  });

  test("prints a message if there are no providers", async () => {
    expect((await zitadel(["list", "--name", "none"])).stdout).toBe("No providers.\n");
  });

  test("escapes control characters that would change the terminal", async () => {
    const name = "a\u001b[31m\u009b1m\u202eb";
    await zitadel([
      "add",
      "--type",
      "google",
      "--name",
      name,
      "--set",
      "clientId=c",
      "--secret-env",
      "clientSecret=SECRET",
    ]);
    for (const args of [["list"], ["get", name], ["export"]]) {
      expect((await zitadel(args)).stdout).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    }
  });
});

describe("get", () => {
  test.each(["100", "Acme Login"])("finds %s", async (which) => {
    expect(await json("get", which)).toMatchObject({ id: "100", type: "oidc", active: false });
    expect((await zitadel(["get", which])).stdout).toContain("\nissuer: https://a.example\n");
  });

  test("finds a provider of the instance", async () => {
    expect(await json("get", "200")).toMatchObject({ owner: "instance" });
    expect(await json("get", "GitHub")).toMatchObject({ id: "200" });
  });

  test.each([
    ["999", { code: "not_found", id: "QUERY-SAFrt" }],
    ["nobody", { code: "not_found" }],
    ["no body", { code: "not_found" }],
    ["Google", { code: "refused", reason: "ambiguous" }],
  ])("reports %s as %j", async (which, error) => {
    const { status, stdout, stderr } = await zitadel(["get", which, "--json"]);
    expect([status, stdout]).toEqual([1, ""]);
    expect(JSON.parse(stderr)).toMatchObject({ error });
  });
});

describe("add", () => {
  test("takes fields from options, and secrets from the environment and from files", async () => {
    const added = await json("add", "--type", "oidc", "--name", "New", "--set", "issuer=https://n.example", "--set", "clientId=n", "--secret-file", `clientSecret=${join(folder, "secret.txt")}`, "--set", "scopes=openid", "--set", "scopes=email", "--set", "options.isAutoUpdate=true", "--set", "usePkce=true"); // prettier-ignore
    expect(added).toMatchObject({
      type: "oidc",
      name: "New",
      scopes: ["openid", "email"],
      usePkce: true,
      options: { isAutoUpdate: true, isAutoCreation: false },
      active: false,
    });
    const { request } = emulator.log.find(({ rpc }) => rpc === "AddGenericOIDCProvider") ?? {};
    expect(request).toMatchObject({ clientSecret: "[redacted]" });
  });

  test("takes fields from a file, which options override", async () => {
    const file = join(folder, "provider.yaml");
    writeFileSync(
      file,
      "type: saml\nname: ${ZITADEL_IDP_VAR_NAME}\nmetadataXml: { file: metadata.xml }\noptions: { isAutoUpdate: true }\n",
    );
    const { status, stdout } = await zitadel(
      ["add", "-f", file, "--set", "options.isLinkingAllowed=true", "--json"],
      { env: { ZITADEL_IDP_VAR_NAME: "From file" } },
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      name: "From file",
      options: { isAutoUpdate: true, isLinkingAllowed: true },
    });
  });

  test("takes fields from standard input, and activates the provider", async () => {
    const { status, stdout } = await zitadel(
      ["add", "-f", "-", "--activate", "--create-policy", "--json"],
      { stdin: '{"type":"google","clientId":"c","clientSecret":"${SECRET}"}' },
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ type: "google", active: true });
  });

  test.each([
    [
      ["--type", "google", "--set", `clientSecret=${secret}`],
      "--set clientSecret: is a secret, and all users of this machine can see arguments: use --secret-env clientSecret=VARIABLE",
    ],
    [
      ["--type", "google", "--set", "clientID=x"],
      "--set clientID: a provider of type google has no clientID; did you mean clientId?",
    ],
    [
      ["--type", "google", "--set", "options.isautoupdate=x"],
      "options has no isautoupdate; did you mean isAutoUpdate?",
    ],
    [["--type", "google", "--set", "name.x=1"], "name has no parts"],
    [["--type", "google", "--set", "x"], "--set: must be field=value"],
    [["--type", "google", "--set", "name=a", "--set", "name=b"], "--set name: is set twice"],
    [["--type", "google", "--set", "options={"], "--set options: must be JSON"],
    [
      ["--type", "google", "--secret-env", "clientSecret=NONE"],
      "--secret-env clientSecret: no environment variable of this name is set",
    ],
    [
      ["--type", "google", "--secret-env", "name=SECRET"],
      "--secret-env name: is not a secret: use --set",
    ],
    [
      ["--type", "google", "--secret-file", "clientSecret=/nowhere"],
      'cannot read the file "/nowhere": it does not exist',
    ],
    [
      ["--type", "google", "--set", "options.isAutoUpdate=yes"],
      "options.isAutoUpdate: must be true or false",
    ],
    [["--type", "google"], "clientId: is required"],
    [["--type", "goggle"], "argument 'goggle' is invalid. Allowed choices are apple"],
    [[], "the type is missing: pass --type, or a --file with a type"],
    [
      ["--file", "/nowhere.yaml"],
      'cannot read the providers from "/nowhere.yaml" (the file argument): it does not exist (ENOENT)',
    ],
    [[`--clientSecret=${secret}`], "unknown option '--clientSecret'"],
  ])("rejects %j", async (args, message) => {
    const { status, stderr } = await zitadel(["add", ...args]);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test("rejects an empty variable as a secret", async () => {
    const args = ["add", "--type", "google", "--set", "clientId=c", "--secret-env", "clientSecret=EMPTY"]; // prettier-ignore
    expect((await zitadel(args, { env: { EMPTY: "" } })).stderr).toBe(
      "error: --secret-env clientSecret: the variable EMPTY is set but empty\n",
    );
  });

  test("reports mistakes in a file with line and column", async () => {
    const { stderr } = await zitadel(["add", "-f", "-"], {
      stdin: `type: google\nclientSecret: ${secret}\nteam: x\n`,
    });
    expect(stderr).toContain(
      "error: (standard input):2:15: clientSecret: the file must not contain a secret",
    );
    const second = await zitadel(["add", "-f", "-"], { stdin: "type: google\nteam: x\n" });
    expect(second.stderr).toContain(
      "error: (standard input):2:7: team: a provider of type google has no team",
    );
    expect(second.stderr).toContain("error: (standard input):1:1: clientId: is required");
  });
});

describe("update", () => {
  test("changes some fields and prints their names", async () => {
    const args = ["update", "Acme Login", "--set", "scopes=[\"openid\"]", "--set", "options.autoLinking=email", "--secret-env", "clientSecret=SECRET"]; // prettier-ignore
    expect((await zitadel(args)).stdout).toBe(
      'Updated clientSecret, scopes, options.autoLinking of oidc "Acme Login" (100).\n',
    );
    expect(await json("update", "100", "--set", "scopes=openid")).toMatchObject({
      changed: [],
      concurrent: "none",
      provider: { scopes: ["openid"], options: { autoLinking: "email" } },
    });
  });

  test.each([
    [["100"], "no field to change: pass --set"],
    [["100", "--set", `bindPassword=${secret}`], "is a secret"],
    [["100", "--set", "name=x", "--if-sequence", "1"], "the change is based on sequence 1"],
    [
      ["200", "--set", "name=x"],
      "it belongs to the instance: use --instance, with a role on the instance",
    ],
    [["103", "--set", "name=x"], "it is a legacy IDP, which is read-only here"],
  ])("rejects %j", async (args, message) => {
    const { status, stderr } = await zitadel(["update", ...args]);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });
});

describe("activate and deactivate", () => {
  test("show a provider on the login page and remove it again", async () => {
    const { status, stderr } = await zitadel(["activate", "100"]);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining("; --create-policy creates a copy for it"),
    ]);
    expect(await json("activate", "100", "--create-policy")).toEqual({
      id: "100",
      changed: true,
      policyCreated: true,
      warnings: [],
    });
    expect((await zitadel(["activate", "GitHub"])).stdout).toContain("Activated: github");
    expect((await zitadel(["list", "--inherited"])).stdout.match(/yes$/gm)).toHaveLength(2);
    expect((await zitadel(["deactivate", "100"])).stdout).toBe(
      'Deactivated: oidc "Acme Login" (100).\n',
    );
    expect(await json("deactivate", "100")).toMatchObject({ changed: false });
  });
});

describe("a provider of the instance, seen from an organization,", () => {
  const set = ["--set", "clientId=n", "--secret-env", "clientSecret=SECRET"];
  const commands: readonly (readonly [name: string, ...options: string[]])[] = [
    ["update", "--set", "name=x"],
    ["delete", "--yes"],
    ["migrate", "--to", "google", "--set", "name=New", ...set, "--yes"],
  ];

  test.each(
    commands.flatMap(([name, ...options]) =>
      ["200", "GitHub"].map((which) => [name, which, options] as const),
    ),
  )("is not changed by %s %s, which names --instance", async (name, which, options) => {
    const before = emulator.log.length;
    const ended = await zitadel([name, which, ...options, "--json"]);
    expect([ended.status, ended.stdout]).toEqual([1, ""]);
    expect(JSON.parse(ended.stderr)).toMatchObject({
      error: {
        reason: "read_only",
        message: expect.stringContaining(
          'github "GitHub" (200): it belongs to the instance: use --instance, with a role on the instance',
        ) as string,
      },
    });
    const writes = emulator.log.slice(before).filter(({ rpc }) => !/^(Get|List)/.test(rpc ?? ""));
    expect(writes).toEqual([]);
  });

  test.each(["200", "GitHub"])("is shown, activated and changed as %s", async (which) => {
    expect(await json("get", which)).toMatchObject({ id: "200", owner: "instance" });
    expect(await json("activate", which, "--create-policy")).toMatchObject({ changed: true });
    expect(await json("deactivate", which)).toMatchObject({ changed: true });
    expect(await json("update", which, "--instance", "--set", "scopes=a")).toMatchObject({
      changed: ["scopes"],
    });
    expect(await json("delete", which, "--instance", "--yes")).toMatchObject({ id: "200" });
  });

  test("is not found by a name that a provider of the organization itself has", async () => {
    expect(await json("update", "200", "--instance", "--set", "name=Acme Login")).toMatchObject({
      changed: ["name"],
    });
    expect(await json("get", "Acme Login")).toMatchObject({ id: "100" });
    expect(await json("update", "Acme Login", "--set", "scopes=a")).toMatchObject({
      provider: { id: "100" },
    });
    expect(await json("activate", "Acme Login", "--create-policy")).toMatchObject({ id: "100" });
  });
});

describe("delete", () => {
  test("asks on a terminal, and keeps the provider if the answer is no", async () => {
    const no = await zitadel(["delete", "100"], { isTerminal: true, stdin: "n\n" });
    expect(no).toMatchObject({ status: 1, stdout: "" });
    expect(no.stderr).toContain(
      'Delete oidc "Acme Login" (100)?\n  It is not on the login page.\n  It may have linked users: pass --users to check.\nThis cannot be undone. [y/N] ',
    );
    expect(no.stderr).toContain("not confirmed: nothing was changed");
    const yes = await zitadel(["delete", "100"], { isTerminal: true, stdin: "y\n" });
    expect(yes).toMatchObject({ status: 0, stdout: 'Deleted oidc "Acme Login" (100).\n' });
    expect((await zitadel(["get", "100"])).status).toBe(1);
  });

  test("fails without a terminal and --yes", async () => {
    expect(await zitadel(["delete", "100"])).toMatchObject({
      status: 1,
      stderr: "error: confirmation needs a terminal: pass --yes to skip the question\n",
    });
    expect((await zitadel(["get", "100"])).status).toBe(0);
  });

  test("counts linked users, and fails if there are any", async () => {
    const users = join(folder, "users.txt");
    writeFileSync(users, "h1\n\n h2 \n");
    const { status, stderr } = await zitadel(["delete", "100", "--users", users, "--yes"]);
    expect(status).toBe(1);
    expect(stderr).toContain("1 of the users in --users sign in");
    const stdin = "h1\nh2\n";
    const piped = ["delete", "100", "--users", "-", "--yes", "--even-if-linked", "--json"];
    const deleted = await zitadel(piped, { stdin });
    expect(JSON.parse(deleted.stdout)).toEqual({
      id: "100",
      name: "Acme Login",
      type: "oidc",
      linkedUsers: 1,
      wasActive: false,
    });
    expect((await zitadel(["delete", "101", "--users", "/nowhere", "-y"])).stderr).toContain(
      'error: cannot read the users from "/nowhere" (--users): it does not exist (ENOENT)',
    );
  });
});

test("delete --users fails if the organization has no user with one of the ids, and deletes nothing", async () => {
  const stdin = "h1\nno-such-user\nh2\n";
  const { status, stdout, stderr } = await zitadel(
    ["delete", "101", "--users", "-", "--yes", "--even-if-linked"],
    { stdin },
  );
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toContain('the organization has no user with the id "no-such-user"');
  expect((await zitadel(["get", "101"])).status).toBe(0);
});

test("delete --even-if-linked without --users is rejected, and deletes nothing", async () => {
  const { status, stderr } = await zitadel(["delete", "101", "--even-if-linked", "--yes"]);
  expect(status).toBe(1);
  expect(stderr).toContain("error: --even-if-linked needs --users: add it");
  expect((await zitadel(["get", "101"])).status).toBe(0);
});

describe("migrate", () => {
  const args = ["migrate", "100", "--to", "google", "--set", "name=New", "--set", "clientId=n", "--secret-env", "clientSecret=SECRET"]; // prettier-ignore

  test("changes the type of a provider after asking", async () => {
    expect((await zitadel(args)).stderr).toContain("confirmation needs a terminal");
    expect(await zitadel([...args, "--yes"])).toMatchObject({
      status: 0,
      stdout: 'Migrated oidc "Acme Login" (100) to google "New" (100).\n',
    });
  });

  test("rejects any other target type", async () => {
    const { status, stderr } = await zitadel(["migrate", "100", "--to", "oidc"]);
    expect(status).toBe(1);
    expect(stderr).toContain("Allowed choices are google, azureAd");
  });
});

describe("help", () => {
  const names = ["list", "get", "add", "update", "activate", "deactivate", "delete", "migrate", "export", "plan", "apply", "diff", "schema", "completion", "emulator"]; // prettier-ignore

  test.each(names)("of %s has examples", async (name) => {
    const { status, stdout, stderr } = await cli([name, "--help"]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`\nExamples:\n  $ zitadel-idp ${name}`);
  });

  test("lists the exit statuses", async () => {
    const { stdout } = await cli(["--help"]);
    expect(stdout).toContain("2    plan found changes to make");
    // Each command whose exit status has a meaning of its own.
    const [, statuses = ""] = /^Exit status:\n(.*?)\n\n/ms.exec(stdout) ?? [];
    for (const name of ["whoami", "validate", "doctor", "plan", "diff", "expiry", "apply"]) {
      expect(statuses).toMatch(new RegExp(`\\b${name}\\b`));
    }
    expect(await cli([])).toMatchObject({ status: 1, stdout: "" });
  });
});
