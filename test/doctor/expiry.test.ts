import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { checkCatalogue } from "../../src/doctor/check-catalogue.js";
import { type Expirations, listExpirations } from "../../src/doctor/index.js";
import {
  apply,
  createProviders,
  type DesiredState,
  plan,
  type ProviderSettings,
  type StateStore,
} from "../../src/providers/index.js";
import { createAuthority, type TestAuthority } from "../support/certificates.js";
import { cli } from "../support/cli.js";
import type { ProgramResult } from "../support/program.js";
import { toExpiration } from "../../src/doctor/expiry/expiration.js";
import { findFreePorts } from "../support/ports.js";
import { startIssuerServer } from "./support/issuer-server.js";
import { createMetadata } from "./support/saml-server.js";
import { startSlapd } from "./support/slapd.js";
import { createMemoryStore } from "../support/memory-store.js";

const dayMs = 86_400_000;
const start = Math.floor(Date.now() / 1000) * 1000;
let folder: string;
let emulator: Emulator;
let listener: Listener;
let client: IdpClient;
let authority: TestAuthority;
beforeAll(async () => {
  authority = await createAuthority();
  emulator = createEmulator({
    seed: {
      organizations: [
        { id: "7", name: "Acme" },
        { id: "8", name: "Other" },
      ],
      serviceUsers: [
        { name: "admin", organization: "Acme", token: "admin", instanceRoles: ["IAM_OWNER"] },
        {
          name: "owner",
          organization: "Other",
          token: "owner",
          organizationRoles: { Other: ["ORG_OWNER"] },
        },
        { name: "nobody", organization: "Other", token: "nobody" },
      ],
    },
  });
  listener = await emulator.listen();
  client = createIdpClient({ baseUrl: listener.url, auth: "admin" });
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

/**
 * Returns the time that is some days and half an hour after the start of the tests. For a negative number, returns noon (UTC) of the
 * day that is so many calendar days before, whatever the time of day is now.
 */
function inDays(days: number): Date {
  return days < 0
    ? new Date((Math.floor(start / dayMs) + days + 0.5) * dayMs)
    : new Date(start + days * dayMs + dayMs / 48);
}

async function certificate(name: string, days: number): Promise<string> {
  return `${(await authority.issue(name, inDays(days))).cert}\n`;
}

const google = { type: "google", name: "Google", clientId: "g", clientSecret: "planted" } as const;
function ldap(name: string, rootCa?: string): ProviderSettings {
  return {
    type: "ldap",
    name,
    servers: ["ldaps://ldap.example:636"],
    baseDn: "dc=example",
    bindDn: "cn=admin",
    bindPassword: "planted",
    userBase: "dn",
    userObjectClasses: ["person"],
    userFilters: ["uid"],
    ...(rootCa !== undefined && { rootCa }),
  };
}

async function add(settings: ProviderSettings, orgId?: string): Promise<string> {
  const scoped = orgId === undefined ? client : client.withOrg(orgId);
  const owner = orgId === undefined ? "instance" : "org";
  return (await createProviders(scoped, { owner }).add(settings)).id;
}

async function addSaml(name: string, days: number, orgId?: string): Promise<string> {
  const signing = [await certificate(name, days)];
  return await add({ type: "saml", name, metadataXml: createMetadata({ signing }) }, orgId);
}

async function applied(desired: DesiredState, store: StateStore): Promise<void> {
  const options = { state: { store } };
  const { ok } = await apply(client, await plan(client, desired, options), desired, options);
  expect(ok).toBe(true);
}

/** Returns the items in short: days, kind, owner and provider. */
function inShort({ items }: Expirations): string[] {
  return items.map(
    ({ daysLeft, kind, owner, ownerName, provider: { name, id } }) =>
      `${daysLeft} ${kind} ${owner.orgId ?? owner.owner}${ownerName === undefined ? "" : ` ${ownerName}`}: ${name}${id === undefined ? ", new" : ""}`,
  );
}

async function zitadel(args: readonly string[], token = "admin"): Promise<ProgramResult> {
  const ended = await cli(args, { env: { ZITADEL_URL: listener.url, ZITADEL_TOKEN: token } });
  expect(ended.stdout + ended.stderr).not.toContain("planted");
  return ended;
}

function write(text: string, name = "providers.yaml"): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe("listExpirations", () => {
  test("lists certificates, root CAs and metadata of the instance and of all organizations, the earliest first", async () => {
    const [signing, encryption, both, root, rootOfNext] = await Promise.all(
      [40, 50, -3, 10, 700].map(async (days) => await certificate(`in ${days}`, days)),
    );
    const metadataXml = createMetadata({
      signing: [signing ?? ""],
      encryption: [encryption ?? ""],
      both: [both ?? ""],
      validUntil: inDays(20),
    });
    const id = await add({ type: "saml", name: "Instance SAML", metadataXml });
    await add(ldap("Directory", `${root}${rootOfNext}`), "7");
    await addSaml("SAML", 60, "8");
    await add(google, "8");
    const result = await listExpirations(client, { servers: false });
    expect(inShort(result)).toEqual([
      "-3 certificate instance: Instance SAML",
      "10 root-ca 7 Acme: Directory",
      "20 metadata instance: Instance SAML",
      "40 signing-certificate instance: Instance SAML",
      "50 encryption-certificate instance: Instance SAML",
      "60 signing-certificate 8 Other: SAML",
      "700 root-ca 7 Acme: Directory",
    ]);
    expect(result).toMatchObject({ expiring: 3, unchecked: [] });
    expect(result.items[3]).toEqual({
      expiresAt: inDays(40).toISOString(),
      daysLeft: 40,
      kind: "signing-certificate",
      owner: { owner: "instance" },
      provider: { type: "saml", name: "Instance SAML", id },
      field: "metadataXml",
      subject: "CN=in 40",
    });
  });

  test("lists the dates of secrets in a desired state, of existing and of new providers", async () => {
    await add(google, "7");
    await add(ldap("Directory"));
    const day = (days: number): string => inDays(days).toISOString();
    const desired: DesiredState = {
      organization: {
        providers: [
          { ...google, clientSecretExpires: day(5) },
          { ...google, name: "New", clientSecretExpires: day(6) },
          { ...google, name: "Without a date" },
        ],
      },
      instance: { providers: [{ ...ldap("Directory"), bindPasswordExpires: day(7) }] },
      organizations: {
        "8": {
          providers: [
            {
              type: "apple",
              name: "Apple",
              clientId: "a",
              teamId: "T123456789",
              keyId: "K123456789",
              privateKeyExpires: day(8),
            },
          ],
        },
      },
    };
    const result = await listExpirations(client, { desired, withinMs: 6 * dayMs });
    expect(inShort(result)).toEqual([
      "5 secret 7 Acme: Google",
      "6 secret org: New, new",
      "7 secret instance: Directory",
      "8 key 8: Apple, new",
    ]);
    expect(result.expiring).toBe(1);
    expect(result.items.map(({ field }) => field)).toEqual([
      "clientSecret",
      "clientSecret",
      "bindPassword",
      "privateKey",
    ]);
  });

  test("lists the dates of secrets in the state, except those of deleted providers and those that the desired state replaces", async () => {
    const store = createMemoryStore();
    const entry = (name: string, days: number) => ({
      ...google,
      name,
      clientSecretExpires: inDays(days).toISOString(),
    });
    const desired = (...providers: ReturnType<typeof entry>[]): DesiredState => ({
      organization: { providers },
    });
    await applied(desired(entry("A", 5), entry("B", 6), entry("C", 7), entry("D", 8)), store);
    const org = createProviders(client, { owner: "org" });
    for await (const { id, name } of org.list()) {
      if (name === "B") {
        await org.delete(id, { evenIfLinked: true });
      }
    }
    const state = { store };
    expect(inShort(await listExpirations(client, { state }))).toEqual([
      "5 secret 7 Acme: A",
      "7 secret 7 Acme: C",
      "8 secret 7 Acme: D",
    ]);
    const { clientSecretExpires: _, ...withoutDate } = entry("D", 8);
    const replaced = {
      organization: { providers: [entry("C", 9), withoutDate] },
    };
    expect(inShort(await listExpirations(client, { state, desired: replaced }))).toEqual([
      "5 secret 7 Acme: A",
      "9 secret 7 Acme: C",
    ]);
  });

  test("lists one owner if asked to", async () => {
    const store = createMemoryStore();
    await addSaml("Instance SAML", 40);
    await addSaml("Own", 41, "7");
    await addSaml("Other", 42, "8");
    const clientSecretExpires = inDays(43).toISOString();
    const organization = { providers: [{ ...google, clientSecretExpires }] };
    await applied({ organization, instance: organization }, store);
    const listed = async (owner: { owner: "org" | "instance"; orgId?: string }) =>
      inShort(await listExpirations(client, { owner, state: { store } }));
    expect(await listed({ owner: "instance" })).toEqual([
      "40 signing-certificate instance: Instance SAML",
      "43 secret instance: Google",
    ]);
    expect(await listed({ owner: "org" })).toEqual([
      "41 signing-certificate org: Own",
      "43 secret org: Google",
    ]);
    expect(await listed({ owner: "org", orgId: "8" })).toEqual(["42 signing-certificate 8: Other"]);
  });

  test("lists the own organization for a caller who cannot list all", async () => {
    await addSaml("Instance SAML", 40);
    await addSaml("Acme", 41, "7");
    await addSaml("Other", 42, "8");
    await using owner = createIdpClient({ baseUrl: listener.url, auth: "owner" });
    expect(inShort(await listExpirations(owner))).toEqual(["42 signing-certificate org: Other"]);
  });

  test("names the owners that it could not read, and lists the dates of the others", async () => {
    await using nobody = createIdpClient({ baseUrl: listener.url, auth: "nobody" });
    const store = createMemoryStore();
    await using owner = createIdpClient({ baseUrl: listener.url, auth: "owner" });
    const organization = {
      providers: [{ ...google, clientSecretExpires: inDays(5).toISOString() }],
    };
    const options = { state: { store } };
    await apply(owner, await plan(owner, { organization }, options), { organization }, options);
    const result = await listExpirations(nobody, options);
    expect(inShort(result)).toEqual(["5 secret org: Google"]);
    expect(result.unchecked).toMatchObject([
      { severity: "unchecked", check: "doctor/unreadable", owner: { owner: "org" } },
    ]);
  });

  test("names the certificates that it could not read", async () => {
    const cert = "-----BEGIN CERTIFICATE-----\nMIIBAAAA\n-----END CERTIFICATE-----\n";
    const both = [cert, await certificate("good", 40)];
    await add({ type: "saml", name: "SAML", metadataXml: createMetadata({ both }) });
    const { items, unchecked } = await listExpirations(client);
    expect(items).toMatchObject([{ subject: "CN=good" }]);
    expect(unchecked).toMatchObject([
      {
        severity: "unchecked",
        check: "expiry/unreadable-certificate",
        provider: { name: "SAML" },
        field: "metadataXml",
        message: expect.stringContaining("1 of 2 certificates") as string,
      },
    ]);
    expect(Object.keys(checkCatalogue)).toContain(unchecked[0]?.check);
  });
});

describe("zitadel-idp expiry", () => {
  test("prints a table, and exits with 2 if an item expires within the time", async () => {
    const id = await addSaml("SAML", 40, "7");
    const provider = `saml "SAML" (${id})`;
    const date = inDays(40).toISOString().slice(0, 10);
    const table = (summary: string): string =>
      [
        `EXPIRES     DAYS  WHAT                         ${"PROVIDER".padEnd(provider.length)}  OWNER`,
        `${date}  40    signing certificate CN=SAML  ${provider}  organization 7 (Acme)`,
        "",
        `${summary}\n`,
      ].join("\n");
    expect(await zitadel(["expiry"])).toEqual({
      status: 0,
      stdout: table("0 of 1 have expired or expire soon."),
      stderr: "",
    });
    expect(await zitadel(["expiry", "--within", "6w"])).toEqual({
      status: 2,
      stdout: table("1 of 1 has expired or expires soon."),
      stderr: "",
    });
  });

  test("lists the certificates of servers, through discovery and StartTLS, and those that do not answer", async () => {
    const tls = await authority.issue("localhost", inDays(9));
    await using issuer = await startIssuerServer({ tls });
    await using directory = await startSlapd({ tls, entries: "" });
    const [port = 0] = await findFreePorts(1);
    const login = { type: "oidc", clientId: "z", clientSecret: "planted" } as const;
    await add({ ...login, name: "Login", issuer: issuer.issuer });
    await add({ ...login, name: "Down", issuer: `https://localhost:${port}` });
    await add({
      ...ldap("Directory"),
      servers: [directory.plainUrl],
      startTls: true,
    } as ProviderSettings);
    const trusted = ["--ca-file", write(authority.ca, "ca.pem")];
    const { status, stdout } = await zitadel(["expiry", ...trusted, "--json"]);
    expect(status).toBe(2);
    const { items, unchecked } = JSON.parse(stdout) as Expirations;
    expect(
      items.map(({ kind, field, subject, provider: { name } }) => [name, kind, field, subject]),
    ).toEqual([
      ["Directory", "server-certificate", "servers", new URL(directory.plainUrl).host],
      ["Login", "server-certificate", "issuer", new URL(issuer.issuer).host],
    ]);
    expect(items[0]?.daysLeft).toBe(9);
    expect(unchecked).toMatchObject([
      { check: "expiry/server-unreachable", field: "issuer", provider: { name: "Down" } },
    ]);
    const table = await zitadel(["expiry", ...trusted]);
    expect(table.stdout).toContain(`certificate of ${new URL(issuer.issuer).host}`);
    const without = await zitadel(["expiry", "--no-servers"]);
    expect([without.status, without.stdout]).toEqual([0, "Nothing that expires was found.\n"]);
  });

  test("shows 0 days for a secret that expires today, before and after its time", () => {
    const item = {
      owner: { owner: "instance" },
      provider: { type: "saml", name: "S" },
      kind: "metadata",
      field: "metadataXml",
    } as const;
    const noon = new Date("2026-05-04T12:00:00Z");
    const daysLeft = (time: string): number =>
      toExpiration({ ...item, time: new Date(time) }, noon).daysLeft;
    expect(
      [
        "2026-05-04T00:00:00Z",
        "2026-05-04T23:59:00Z",
        "2026-05-03T23:59:00Z",
        "2026-05-05T13:00:00Z",
      ].map(daysLeft),
    ).toEqual([0, 0, -1, 1]);
  });

  test("exits with 2 for an expired secret, even with --within 0d, and prints the items as JSON", async () => {
    await addSaml("SAML", -1);
    const { status, stdout } = await zitadel(["expiry", "--within", "0d", "--json"]);
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      items: [{ daysLeft: -1, kind: "signing-certificate", owner: { owner: "instance" } }],
      expiring: 1,
      unchecked: [],
    });
  });

  test("exits with 0 if nothing has a date", async () => {
    expect(await zitadel(["expiry"])).toEqual({
      status: 0,
      stdout: "Nothing that expires was found.\n",
      stderr: "",
    });
  });

  test("reads dates from a file without its secrets, and from the state file beside it", async () => {
    const day = inDays(5).toISOString().slice(0, 10);
    const entry = (name: string, secret: string, date: string): string =>
      `    - { type: google, name: ${name}, clientId: g, clientSecret: ${secret}${date} }\n`;
    const dated = `, clientSecretExpires: ${day}`;
    const text = (secret: string): string =>
      `organization:\n  providers:\n${entry("A", secret, dated)}${entry("B", secret, "")}`;
    const file = write(text("'${NOT_SET}'"));
    const listed = async (...args: string[]): Promise<string[]> => {
      const { stdout } = await zitadel(["expiry", ...args, "--json"]);
      return (JSON.parse(stdout) as Expirations).items.map(({ provider }) => provider.name);
    };
    expect(await listed(file)).toEqual(["A"]);
    write(text("{ file: '${NOT_SET}' }"));
    expect(await listed(file)).toEqual(["A"]);

    const secretFile = write("planted", "secret.txt");
    write(text(`{ file: ${secretFile} }`));
    expect((await zitadel(["apply", file, "--yes"])).status).toBe(0);
    const state = `${file}.state.json`;
    expect(await listed("--state", state)).toEqual(["A"]);
    const other = write(`organization: { providers: [] }\n`, "other.yaml");
    expect(await listed(other)).toEqual([]);
    expect(await listed(other, "--state", state)).toEqual(["A"]);
    write(`organization: { providers: [] }\n`);
    expect(await listed(file)).toEqual(["A"]);
    expect(await listed(file, "--no-state")).toEqual([]);
  });

  test("lists one owner with --instance or --org", async () => {
    await addSaml("Instance SAML", 40);
    await addSaml("Other", 42, "8");
    expect((await zitadel(["expiry", "--instance"])).stdout).toMatch(/Instance SAML[^]*0 of 1 /);
    expect((await zitadel(["expiry", "--org", "8"])).stdout).toMatch(/Other[^]*0 of 1 /);
  });

  test("exits with 3 if a part could not be read and nothing expires, and names the part", async () => {
    const { status, stdout } = await zitadel(["expiry"], "nobody");
    expect([status, stdout]).toEqual([
      3,
      expect.stringMatching(
        /^not checked: organization: the providers .* cannot be read: .*ORG_OWNER_VIEWER[^]*\nNothing that expires was found\.\n$/,
      ),
    ]);
  });

  test.each([
    [["--state", "missing.json"], "error: --state: the file missing.json does not exist"],
    [["--within", "30"], "must be a number with a unit: h, d or w, such as 30d"],
    [["--within", "99999w"], "at most 3650d"],
    [["missing.yaml"], "missing.yaml"],
  ])("fails with 1: %j", async (args, message) => {
    const { status, stderr } = await zitadel(["expiry", ...args]);
    expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
  });
});
