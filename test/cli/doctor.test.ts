import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import type { Diagnosis } from "zitadel-idp/doctor";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { createProviders, type DesiredProvider } from "zitadel-idp/providers";
import { knownSecret, startCodeFlowServer } from "../doctor/support/code-flow-server.js";
import { cli } from "../support/cli.js";

let folder: string;
let emulator: Emulator;
let url: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "zitadel-idp-doctor-"));
  emulator = createEmulator();
  ({ url } = await emulator.listen());
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const secret = "planted-s3cret-of-the-client";

async function doctor(args: readonly string[], token = emulator.token) {
  const env = { ZITADEL_URL: url, ZITADEL_TOKEN: token, CLIENT_SECRET: secret, KNOWN: knownSecret };
  const ended = await cli(["doctor", ...args], { env });
  expect(ended.stdout + ended.stderr).not.toContain(secret);
  return ended;
}

/** Writes a file with one provider of OAuth at a server. */
function writeFile(fields: object, name = "providers.json"): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ organization: { providers: [fields] } }, null, 2));
  return path;
}

function oauth(origin: string): Extract<DesiredProvider, { type: "oauth" }> {
  return {
    type: "oauth",
    name: "Acme",
    clientId: "zitadel",
    clientSecret: "${KNOWN}",
    authorizationEndpoint: `${origin}/authorize`,
    tokenEndpoint: `${origin}/token`,
    userEndpoint: `${origin}/user`,
    idAttribute: "sub",
    usePkce: true,
    options: { isCreationAllowed: true },
  };
}

function redirectUris(): string[] {
  return ["/ui/login/login/externalidp/callback", "/idps/callback"].map((path) => url + path);
}

describe("doctor exits", () => {
  test("with 0 for a healthy provider of a file, whose secret it probes", async () => {
    await using server = await startCodeFlowServer({ redirectUris: redirectUris() });
    const file = writeFile(oauth(server.origin));
    const { status, stdout } = await doctor([file, "--allow-private", "--probe-secrets", "--json"]);
    const { findings, checked } = JSON.parse(stdout) as Diagnosis;
    expect(findings.filter(({ severity }) => severity !== "note")).toEqual([]);
    expect(findings).toContainEqual(expect.objectContaining({ check: "secret/accepted" }));
    expect({ status, checked }).toEqual({ status: 0, checked: 1 });
  });

  test("with 1 for something broken, and says what to do", async () => {
    await using server = await startCodeFlowServer({ redirectUris: redirectUris() });
    const file = writeFile({ ...oauth(server.origin), clientSecret: "${CLIENT_SECRET}" });
    const { status, stdout } = await doctor([file, "--allow-private", "--probe-secrets"]);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^organization: oauth "Acme"\n {2}broken secret\/rejected \(clientSecret\)\n/,
    );
    expect(stdout).toMatch(/\n {4}fix: /);
    expect(stdout).toMatch(/\n1 provider checked: 1 broken, \d notes?\.\n$/);
  });

  test("with 2 for a risk, only with --strict", async () => {
    await using server = await startCodeFlowServer({ redirectUris: redirectUris() });
    const options = { isLinkingAllowed: true, autoLinking: "email" };
    const file = writeFile({ ...oauth(server.origin), options });
    const args = [file, "--allow-private"];
    expect((await doctor(args)).status).toBe(0);
    const { status, stdout } = await doctor([...args, "--strict"]);
    expect(status).toBe(2);
    expect(stdout).toContain("risk linking/unverified-email");
  });

  test("with 3 if a check could not be made, and says why", async () => {
    await using server = await startCodeFlowServer({
      redirectUris: redirectUris(),
      handlers: { "/token": () => ({ status: 429 }) },
    });
    const { status, stdout } = await doctor([writeFile(oauth(server.origin)), "--allow-private"]);
    expect(stdout).toMatch(/unchecked oauth\/token-endpoint[^]+429/);
    expect(status).toBe(3);
  });

  test("with 3 if ZITADEL does not answer, because nothing is known to be broken", async () => {
    const env = { ZITADEL_URL: "http://localhost:1", ZITADEL_TOKEN: "token" };
    const { status, stderr } = await cli(["doctor"], { env });
    expect(stderr).toContain("ECONNREFUSED");
    expect(status).toBe(3);
  });

  test.each([
    [["nobody"], /no provider has the id or name "nobody"/],
    [["nowhere.yaml"], /nowhere\.yaml/],
    [["--offline"], /--offline needs a file/],
    [["--within", "soon"], /--within.*30d/],
    [["--format", "xml"], /text, github, markdown/],
  ])("with 1 for %j", async (args, message) => {
    const { status, stderr } = await doctor(args);
    expect(stderr).toMatch(message);
    expect(status).toBe(1);
  });
});

test("doctor finds the date of a secret, whatever the name of its provider", async () => {
  const entry = {
    type: "google",
    name: "Acme: Google",
    clientId: "a",
    clientSecretExpires: "2020-01-01",
  };
  const { stdout } = await doctor([writeFile(entry), "--offline", "--json"]);
  const { findings } = JSON.parse(stdout) as Diagnosis;
  expect(findings).toContainEqual({
    severity: "expires",
    check: "expiry/secret",
    owner: { owner: "org" },
    provider: { type: "google", name: "Acme: Google" },
    field: "clientSecretExpires",
    message: 'the clientSecret of google "Acme: Google" expired on 2020-01-01',
    fix: "create a new one at the provider, then set clientSecret and clientSecretExpires",
    expiresAt: "2020-01-01T00:00:00.000Z",
  });
});

test.each(["plan", "apply"])("%s warns of a wrong value before it connects", async (command) => {
  const file = writeFile({ ...oauth("https://a.example"), tokenEndpoint: "ftp://a.example" });
  const env = { ZITADEL_URL: "http://localhost:1", ZITADEL_TOKEN: "token", KNOWN: knownSecret };
  const { status, stderr } = await cli([command, file], { env });
  expect(stderr).toMatch(/^warning: .*providers\.json:\d+:\d+: .*tokenEndpoint: must be a URL/m);
  expect(stderr).toContain("ECONNREFUSED");
  expect(status).toBe(1);
});

describe("doctor prints", () => {
  const broken = {
    type: "google",
    name: "Google | *x*",
    clientId: "changeme",
    clientSecret: "${CLIENT_SECRET}",
    active: true,
  };

  test("annotations for GitHub at the lines of the file", async () => {
    const file = writeFile(broken);
    const { status, stdout } = await doctor([file, "--offline", "--format", "github"]);
    expect(status).toBe(1);
    expect(stdout).toContain(`::error file=${file},line=7,col=21,title=text/placeholder::`);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .every((line) => line.startsWith("::")),
    ).toBe(true);
  });

  test("a table in Markdown that names of providers cannot break", async () => {
    const { stdout } = await doctor([writeFile(broken), "--offline", "--format", "markdown"]);
    expect(stdout).toContain("| Severity | Check | Provider | Field | Finding | Fix |");
    expect(stdout).toContain('google "Google \\| \\*x\\*"');
    const rows = stdout.split("\n").filter((line) => line.startsWith("| "));
    for (const row of rows) {
      expect(row.split(/(?<!\\)\|/)).toHaveLength(8);
    }
  });

  test.each(["text", "markdown", "github"])(
    "no notes in %s with --quiet, which the summary counts",
    async (format) => {
      const args = [writeFile(broken), "--offline", "--format", format];
      const [all, quiet] = await Promise.all([doctor(args), doctor([...args, "--quiet"])]);
      const isNote = /^ {2}note |^\| note |^::notice/m;
      expect(all.stdout).toMatch(isNote);
      expect(quiet.stdout).not.toMatch(isNote);
      expect(quiet.stdout).toContain("text/placeholder");
      if (format !== "github") {
        expect(quiet.stdout.split("\n").at(-2)).toBe(all.stdout.split("\n").at(-2));
      }
      expect(quiet.status).toBe(all.status);
    },
  );

  test("JSON with the documented members", async () => {
    const { stdout } = await doctor([writeFile(broken), "--offline", "--json"]);
    const diagnosis = JSON.parse(stdout) as Diagnosis;
    expect(Object.keys(diagnosis)).toEqual(["findings", "checked"]);
    const placeholder = diagnosis.findings.find(({ check }) => check === "text/placeholder");
    expect(placeholder).toEqual({
      severity: "broken",
      check: "text/placeholder",
      owner: { owner: "org" },
      provider: { type: "google", name: "Google | *x*" },
      field: "clientId",
      message: expect.any(String) as string,
      fix: expect.any(String) as string,
    });
  });

  test("progress on a terminal", async () => {
    let progress = "";
    await cli(["doctor", writeFile(broken), "--offline"], {
      env: { CLIENT_SECRET: secret },
      isTerminal: true,
      onStderr: (text) => (progress += text),
    });
    expect(progress).toContain("checked 1 of 1 providers");
  });
});

describe("doctor of a server", () => {
  test("checks all owners that the caller may read, and one provider by its name or id", async () => {
    await using seeded = createEmulator({
      seed: {
        organizations: [
          { id: "1", name: "Acme" },
          { id: "2", name: "Other" },
        ],
      },
    });
    const listener = await seeded.listen();
    const env = { ZITADEL_URL: listener.url, ZITADEL_TOKEN: seeded.token };
    await using client = createIdpClient({ baseUrl: listener.url, auth: seeded.token });
    const add = async (owner: "org" | "instance", orgId: string, name: string): Promise<string> => {
      const providers = createProviders(client.withOrg(orgId), { owner });
      return (await providers.add({ type: "ldap", name, ...directory })).id;
    };
    const id = await add("instance", "1", "of the instance");
    await add("org", "1", "of Acme");
    await add("org", "2", "of Other");
    const check = async (...args: string[]): Promise<Diagnosis> =>
      JSON.parse((await cli(["doctor", "--json", ...args], { env })).stdout) as Diagnosis;
    const all = await check();
    expect(all.checked).toBe(3);
    expect(new Set(all.findings.map(({ owner }) => owner.orgId))).toEqual(
      new Set([undefined, "1", "2"]),
    );
    expect((await check("--org", "2")).checked).toBe(1);
    expect((await check("--instance")).checked).toBe(1);
    const byName = await check("of Other");
    expect(new Set(byName.findings.map(({ provider }) => provider?.name))).toEqual(
      new Set(["of Other"]),
    );
    const byId = await check(id);
    expect(new Set(byId.findings.map(({ provider }) => provider?.id))).toEqual(new Set([id]));
  });

  test("finds a login policy that hides its providers, and a provider that was deleted", async () => {
    await using seeded = createEmulator();
    const listener = await seeded.listen();
    const env = { ZITADEL_URL: listener.url, ZITADEL_TOKEN: seeded.token };
    await using client = createIdpClient({ baseUrl: listener.url, auth: seeded.token });
    const providers = createProviders(client, { owner: "org" });
    const { id } = await providers.add({ type: "ldap", name: "Directory", ...directory });
    await client.management.addCustomLoginPolicy({
      allowExternalIdp: false,
      idps: [{ idpId: id, ownerType: 2 }],
    });
    const { stdout } = await cli(["doctor", "--json", "--org", seeded.orgId], { env });
    const { findings } = JSON.parse(stdout) as Diagnosis;
    expect(findings).toContainEqual(
      expect.objectContaining({
        severity: "broken",
        check: "policy/external-idp-off",
        owner: { owner: "org", orgId: seeded.orgId },
      }),
    );
  });

  test("names the owners that it cannot read, and exits with 3", async () => {
    await using seeded = createEmulator({
      seed: {
        organizations: [{ name: "Acme" }],
        serviceUsers: [{ name: "nobody", organization: "Acme", token: "without-a-role" }],
      },
    });
    const listener = await seeded.listen();
    const env = { ZITADEL_URL: listener.url, ZITADEL_TOKEN: "without-a-role" };
    const { status, stdout } = await cli(["doctor", "--json"], { env });
    const { findings } = JSON.parse(stdout) as Diagnosis;
    expect(findings).toMatchObject([{ severity: "unchecked", check: "doctor/unreadable" }]);
    expect(status).toBe(3);
  });
});

test("doctor --offline goes through the proxy of --proxy", async () => {
  const asked: string[] = [];
  const proxy: Server = createServer().on("connect", ({ url: target = "" }, socket) => {
    asked.push(target);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as AddressInfo;
  const file = writeFile({
    type: "google",
    name: "G",
    clientId: "a",
    options: { isCreationAllowed: true },
  });
  const { status, stdout } = await doctor([
    file,
    "--offline",
    "--proxy",
    `http://127.0.0.1:${port}`,
  ]);
  proxy.close();
  expect(asked).toContain("accounts.google.com:443");
  expect(stdout).toMatch(/unchecked .*[^]+403/);
  expect(stdout).not.toContain("[failed_precondition]");
  expect(status).toBe(3);
});

const directory = {
  servers: ["ldaps://127.0.0.1:1"],
  baseDn: "dc=acme,dc=example",
  bindDn: "cn=zitadel,dc=acme,dc=example",
  bindPassword: secret,
  userBase: "dn",
  userObjectClasses: ["person"],
  userFilters: ["uid"],
  attributes: { idAttribute: "entryUUID" },
};
