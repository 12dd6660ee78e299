import type { Transport } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
import { createProviders } from "zitadel-idp/providers";
import { checkCatalogue } from "../../src/doctor/check-catalogue.js";
import { knownBugs } from "../../src/doctor/checks/version/known-bugs.js";
import { diagnose, type Finding } from "../../src/doctor/index.js";
import type { ProviderPatch, ProviderSettings } from "../../src/providers/index.js";
import { caCertificate } from "../support/ca-certificate.js";
import { expectFinding, seenChecks } from "./support/findings.js";
import { createMetadata } from "./support/saml-server.js";

/** Returns a transport like `transport` to a server of another version. */
function withVersion(transport: Transport, version: string): Transport {
  return {
    stream: transport.stream,
    async unary(...args) {
      const response = await transport.unary(...args);
      if (args[0].name === "GetMyInstance") {
        const { instance } = response.message as { instance?: { version: string } };
        if (instance !== undefined) {
          instance.version = version;
        }
      }
      return response;
    },
  };
}

/** Returns the findings about known bugs of a release that hit a provider. */
async function check(
  version: string,
  settings: ProviderSettings,
  patch?: ProviderPatch,
): Promise<readonly Finding[]> {
  await using emulator = createEmulator();
  const { url: baseUrl, fetch, token: auth } = emulator;
  await using client = createIdpClient({ baseUrl, fetch, auth });
  const providers = createProviders(client, { owner: "org" });
  const { id } = await providers.add(settings);
  if (patch !== undefined) {
    await providers.update(id, patch);
  }
  const { management, admin } = client;
  const transport = withVersion(client.transport, version);
  const { findings } = await diagnose(
    { management, admin, transport, withOrg: (orgId) => client.withOrg(orgId) },
    { provider: id, timeoutMs: 50 },
  );
  return findings.filter((each) => each.check.startsWith("version/"));
}

const ldap = {
  type: "ldap",
  name: "Acme",
  // Nothing listens there.
  servers: ["ldaps://localhost:1"],
  rootCa: caCertificate,
  baseDn: "dc=acme",
  bindDn: "cn=zitadel",
  bindPassword: "secret",
  userBase: "dn",
  userObjectClasses: ["person"],
  userFilters: ["uid"],
  attributes: { idAttribute: "uid" },
} as const;
const jwt = {
  type: "jwt",
  name: "Acme",
  issuer: "https://localhost:1",
  jwtEndpoint: "https://localhost:1/jwt",
  keysEndpoint: "https://localhost:1/keys",
  headerName: "x-token",
} as const;
const oauth = {
  type: "oauth",
  name: "Acme",
  clientId: "client",
  clientSecret: "secret",
  authorizationEndpoint: "https://localhost:1/authorize",
  tokenEndpoint: "https://localhost:1/token",
  userEndpoint: "https://localhost:1/user",
  idAttribute: "sub",
} as const;
const saml = { type: "saml", name: "Acme", metadataXml: createMetadata({}) } as const;
const startTls = { ...ldap, servers: ["ldap://localhost"], startTls: true };

/** A bug with a release that has it, and a provider that it hits. */
interface BugCase {
  readonly name: string;
  readonly affected: string;
  /** A release without the bug. */
  readonly other?: string;
  readonly settings: ProviderSettings;
  readonly patch?: ProviderPatch;
}

const plainPort = { ...startTls, servers: ["ldap://localhost:389"] };
const binaryId = { ...ldap, attributes: { idAttribute: "objectGUID" } };
const byEmail = { ...oauth, options: { autoLinking: "email" } } as const;
const byName = { ...oauth, options: { autoLinking: "username" } } as const;
const pkce = { ...oauth, usePkce: true };
const signed = { ...saml, withSignedRequest: true, signatureAlgorithm: "rsa-sha256" } as const;
const logout = { ...saml, federatedLogoutEnabled: true };

const cases: readonly BugCase[] = [
  {
    name: "ldap-root-ca-not-updated",
    affected: "v4.15.3",
    settings: ldap,
    patch: { rootCa: `${caCertificate}\n` },
  },
  { name: "ldap-start-tls-port", affected: "4.15.3", settings: plainPort },
  { name: "ldap-filter-injection", affected: "4.14.2", other: "4.15.0", settings: ldap },
  { name: "ldap-filter-injection", affected: "3.4.9", other: "3.4.10", settings: ldap },
  { name: "ldap-filter-injection", affected: "2.71.19", other: "5.0.0", settings: ldap },
  { name: "ldap-binary-attribute", affected: "4.10.1", other: "3.4.9", settings: binaryId },
  { name: "ldap-settings-unprotected", affected: "2.66.10", other: "2.66.11", settings: ldap },
  { name: "jwt-audience-unchecked", affected: "4.0.0-rc.2", other: "4.15.2", settings: jwt },
  { name: "jwt-audience-unchecked", affected: "3.4.11", other: "3.4.12", settings: jwt },
  { name: "jwt-lifetime-unchecked", affected: "4.15.1", other: "4.15.2", settings: jwt },
  { name: "auto-linking-unverified", affected: "3.4.15", other: "4.15.3", settings: byEmail },
  { name: "auto-linking-inactive", affected: "3.4.3", other: "3.4.4", settings: byName },
  { name: "intent-reusable", affected: "2.71.8", other: "3.0.0", settings: oauth },
  { name: "pkce-not-sent", affected: "4.13.1", other: "3.4.9", settings: pkce },
  { name: "saml-signature-algorithm", affected: "4.2.2", other: "3.4.9", settings: signed },
  { name: "saml-logout-not-sent", affected: "4.15.3", other: "3.2.0", settings: logout },
];

describe("known bugs of ZITADEL", () => {
  test.each(cases)("finds $name in $affected", async (bug) => {
    const { affected, other, settings, patch } = bug;
    const name = `version/${bug.name}`;
    const findings = await check(affected, settings, patch);
    const severity = knownBugs.find((each) => each.check === name)?.severity ?? "note";
    const { message } = expectFinding(findings, severity, name, "(https://github.com/zitadel/");
    expect(message).toContain(affected.replace(/^v|-.*/g, ""));
    if (other !== undefined) {
      const names = (await check(other, settings, patch)).map((each) => each.check);
      expect(names).not.toContain(name);
    }
  });

  test("finds a root CA that StartTLS ignores in 4.10.0, although nobody answers", async () => {
    const found = await check("4.10.0", startTls);
    expectFinding(found, "risk", "version/ldap-start-tls-root-ca", "ZITADEL 4.10.0 ignores rootCa");
  });

  test("reports a bug without a known fix as a note in a later release", async () => {
    const findings = await check("4.17.1", pkce);
    expectFinding(
      findings,
      "note",
      "version/pkce-not-sent",
      "may have a bug that was last seen in 4.13.1",
    );
  });

  test.each<[string, ProviderSettings]>([
    ["a root CA that no update has changed", ldap],
    ["StartTLS without a root CA and a port", { ...startTls, rootCa: "" }],
    ["an OAuth provider without PKCE and linking", oauth],
    ["a SAML provider with unsigned requests", saml],
  ])("reports nothing for 4.15.3 with %s", async (_, settings) => {
    expect(await check("4.15.3", settings)).toEqual([]);
  });

  test.each(["2026-11-26T06:46:01Z", "", "main"])(
    "reports nothing for a server whose version is %o, which is not a release",
    async (version) => {
      expect(await check(version, startTls)).toEqual([]);
    },
  );

  test("are all in the catalogue, and have a test", () => {
    const names = [
      "version/ldap-start-tls-root-ca",
      ...knownBugs.map((each) => each.check),
    ].toSorted();
    const listed = Object.keys(checkCatalogue).filter((name) => name.startsWith("version/"));
    expect(listed.toSorted()).toEqual(names);
    expect([...seenChecks].filter((name) => name.startsWith("version/")).toSorted()).toEqual(names);
  });
});
