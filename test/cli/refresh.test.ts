import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { createProviders, type Plan } from "../../src/providers/index.js";
import { createMetadata, type SamlServer, startSamlServer } from "../doctor/support/saml-server.js";
import { createAuthority, type TestAuthority } from "../support/certificates.js";
import { cli } from "../support/cli.js";
import type { ProgramResult } from "../support/program.js";

let folder: string;
let emulator: Emulator;
let listener: Listener;
let client: IdpClient;
let server: SamlServer;
let authority: TestAuthority;
let before: string;
let after: string;
beforeAll(async () => {
  authority = await createAuthority();
  server = await startSamlServer(await authority.issue("localhost"));
  const [oldKey, newKey] = await Promise.all([authority.issue("old"), authority.issue("new")]);
  const parts = {
    entityId: "https://idp.example/saml",
    signOn: { "HTTP-Redirect": "https://idp.example/sso" },
  };
  before = createMetadata({ ...parts, signing: [oldKey.cert] });
  after = createMetadata({ ...parts, signing: [oldKey.cert, newKey.cert] });
  emulator = createEmulator();
  listener = await emulator.listen();
  client = createIdpClient({ baseUrl: listener.url, auth: emulator.token });
});
beforeEach(async () => {
  emulator.reset();
  folder = mkdtempSync(join(tmpdir(), "zitadel-idp-"));
  writeFileSync(join(folder, "ca.pem"), authority.ca);
  await createProviders(client, { owner: "org" }).add({
    type: "saml",
    name: "Acme",
    metadataXml: before,
  });
  return () => rmSync(folder, { recursive: true, force: true });
});
afterAll(async () => {
  await client.close();
  await emulator.close();
  await server[Symbol.asyncDispose]();
});

async function zitadel(...args: string[]): Promise<ProgramResult> {
  const env = {
    ZITADEL_URL: listener.url,
    ZITADEL_TOKEN: emulator.token,
    ZITADEL_CA_FILE: join(folder, "ca.pem"),
  };
  return await cli([...args, "--quiet"], { env });
}

function write(metadataUrl = metadataUrlOf(server)): string {
  const file = join(folder, "providers.yaml");
  const entry = `{ type: saml, name: Acme, metadataUrl: "${metadataUrl}" }`;
  writeFileSync(file, `organization:\n  providers:\n    - ${entry}\n`);
  return file;
}

function metadataUrlOf({ url }: SamlServer): string {
  return `${url}/metadata`;
}

function serve(body: string, status = 200): void {
  server.answers.set("/metadata", { status, body });
}

async function currentMetadata(): Promise<string> {
  for await (const provider of createProviders(client, { owner: "org" }).list()) {
    return provider.type === "saml" ? provider.metadataXml : "";
  }
  return "";
}

const upToDate = { status: 0, stdout: "Nothing to do: 1 unchanged, 0 not listed.\n", stderr: "" };

describe("--refresh", () => {
  test("plans and applies the metadata that the URL serves now, and then has nothing to do", async () => {
    serve(after);
    const file = write();
    expect(await zitadel("plan", file)).toEqual(upToDate);
    const planned = await zitadel("plan", file, "--refresh");
    expect([planned.status, planned.stderr]).toEqual([2, ""]);
    expect(planned.stdout).toContain("      metadataXml: (1 signing certificate is new)\n");
    const applied = await zitadel("apply", file, "--refresh", "--yes");
    expect([applied.status, applied.stderr]).toEqual([0, ""]);
    expect(await currentMetadata()).toBe(after);
    expect(await zitadel("apply", file, "--refresh", "--yes")).toEqual(upToDate);
  });

  test.each<[string, string | undefined, () => string]>([
    [
      "an id and dates",
      undefined,
      () => before.replace("entityID", 'ID="_1" validUntil="2031-01-01T00:00:00Z" entityID'),
    ],
    [
      "white space",
      undefined,
      () => before.replaceAll("\n", "\n\n").replaceAll("<X509Certificate>", "<X509Certificate>\n"),
    ],
    [
      "another entity id",
      'the entity id is "https://idp.example/new" instead of "https://idp.example/saml"',
      () => before.replace("idp.example/saml", "idp.example/new"),
    ],
    [
      "another endpoint",
      "1 single sign-on endpoint is new, 1 single sign-on endpoint is gone",
      () => before.replace("idp.example/sso", "idp.example/new"),
    ],
    [
      "no certificate",
      "1 signing certificate is gone",
      () => before.replace(/<KeyDescriptor[^]*<\/KeyDescriptor>/, ""),
    ],
    [
      "another use of a certificate",
      "1 signing certificate is gone, 1 encryption certificate is new",
      () => before.replace('use="signing"', 'use="encryption"'),
    ],
  ])("compares the meaning: %s", async (_, parts, change) => {
    serve(change());
    const { stdout } = await zitadel("plan", write(), "--refresh");
    expect(/metadataXml: \((.*)\)/.exec(stdout)?.[1]).toBe(parts);
  });

  test("applies a saved plan, also if only the id of the document has changed since", async () => {
    serve(after);
    const file = write();
    const out = join(folder, "plan.json");
    expect((await zitadel("plan", file, "--refresh", "--out", out)).status).toBe(2);
    serve(after.replace("entityID", 'ID="_2" entityID'));
    const applied = await zitadel("apply", file, "--plan", out, "--refresh", "--yes");
    expect([applied.status, applied.stderr]).toEqual([0, ""]);
    expect(await currentMetadata()).toBe(after);
  });

  test("rejects a saved plan if the URL serves other metadata now, or if the plan was changed", async () => {
    serve(after);
    const file = write();
    const out = join(folder, "plan.json");
    await zitadel("plan", file, "--refresh", "--out", out);
    const plan = JSON.parse(readFileSync(out, "utf8")) as Plan;
    serve(before.replace("idp.example/sso", "idp.example/new"));
    const stale = await zitadel("apply", file, "--plan", out, "--refresh", "--yes");
    expect([stale.status, stale.stderr]).toEqual([
      1,
      expect.stringContaining("was planned with other values"),
    ]);

    serve(after);
    writeFileSync(out, JSON.stringify(plan).replaceAll("idp.example/sso", "attacker.example/sso"));
    const changed = await zitadel("apply", file, "--plan", out, "--refresh", "--yes");
    expect([changed.status, changed.stderr]).toEqual([
      1,
      expect.stringContaining("was planned with other values"),
    ]);
    expect(await currentMetadata()).toBe(before);
  });

  test("is needed to apply a plan that was made with it", async () => {
    serve(after);
    const file = write();
    const out = join(folder, "plan.json");
    await zitadel("plan", file, "--refresh", "--out", out);
    const { status, stderr } = await zitadel("apply", file, "--plan", out, "--yes");
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining("apply needs the option refresh (--refresh) too"),
    ]);
    expect(await currentMetadata()).toBe(before);
  });

  test.each<[string, () => string, (file: string) => void]>([
    [
      "localhost:1 does not accept connections",
      () => "https://localhost:1/metadata",
      () => undefined,
    ],
    ["answers with status 404", () => metadataUrlOf(server), () => serve("", 404)],
    [
      "the answer is an HTML page",
      () => metadataUrlOf(server),
      () => serve("<!doctype html><html></html>"),
    ],
    ["begins with http:", () => "http://idp.example/metadata", () => undefined],
    [
      "which --ca-file does not have",
      () => metadataUrlOf(server),
      () => writeFileSync(join(folder, "ca.pem"), otherCa),
    ],
  ])("fails with the place in the file: %s", async (message, url, prepare) => {
    const file = write(url());
    prepare(file);
    const { status, stderr } = await zitadel("plan", file, "--refresh");
    expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(stderr).toContain(`${file}:3:`);
    expect(stderr).toContain("organization.providers[0].metadataUrl: cannot be refreshed: ");
  });
  let otherCa: string;
  beforeAll(async () => {
    otherCa = (await createAuthority("Another CA")).ca;
  });

  test("loads a URL once for all of its entries, and sends nothing for a provider that does not exist yet", async () => {
    serve(after);
    const requestsBefore = server.requests.length;
    const file = join(folder, "providers.yaml");
    const entry = (name: string): string =>
      `    - { type: saml, name: ${name}, metadataUrl: "${metadataUrlOf(server)}" }\n`;
    await createProviders(client, { owner: "org" }).add({
      type: "saml",
      name: "Second",
      metadataXml: after,
    });
    writeFileSync(
      file,
      `organization:\n  providers:\n${["Acme", "Second", "New"].map(entry).join("")}`,
    );
    const { stdout } = await zitadel("plan", file, "--refresh");
    expect(stdout).toContain("1 to create, 1 to change; 1 unchanged");
    expect(server.requests.length - requestsBefore).toBe(1);
  });
});
