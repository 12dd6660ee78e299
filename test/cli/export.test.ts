import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { createProviders, type ProviderSettings } from "../../src/providers/index.js";
import { createRandom } from "../support/random-message.js";
import { providerTypeNames, randomSettings } from "../support/random-settings.js";
import { plantedSecret, twoOrganizations, useCli } from "../support/use-cli.js";

const { client, folder, write, zitadel } = await useCli(twoOrganizations);

describe("export", () => {
  test("of random providers of all types needs no changes, in YAML and JSON", async () => {
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
      GOOGLE_CLIENT_SECRET: plantedSecret,
      ACME_LOGIN_CLIENT_SECRET: plantedSecret,
      ACME_LOGIN_CLIENT_SECRET_2: plantedSecret,
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

  test("names the legacy IDPs that the file leaves out, those on the login page first, and the file needs no changes", async () => {
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

  test("activates the same providers in another organization, and does not count the entries of the instance", async () => {
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
