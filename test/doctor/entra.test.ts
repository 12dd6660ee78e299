import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { entraChecks } from "../../src/doctor/checks/entra/entra-checks.js";
import type { Finding, Severity } from "../../src/doctor/index.js";
import type { ProviderSettings } from "../../src/providers/index.js";
import { createAuthority, type TestAuthority } from "../support/certificates.js";
import {
  aboveNotes,
  type CheckedEmulator,
  startCheckedEmulator,
} from "./support/checked-emulator.js";
import { type ServedAnswer, startIssuerServer } from "./support/issuer-server.js";
import { startPublicHosts } from "./support/public-hosts.js";

const host = "login.microsoftonline.com";
const tenantId = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";

let emulator: CheckedEmulator;
let authority: TestAuthority;
beforeAll(async () => {
  [emulator, authority] = await Promise.all([startCheckedEmulator(), createAuthority()]);
});
afterAll(() => emulator[Symbol.asyncDispose]());

const reported = new Set<string>();

/** Returns a document like that of Entra. `issuerTenant` is the tenant in its issuer. */
function documentOf(
  tenant: string,
  issuerTenant: string = tenant,
  members: Readonly<Record<string, unknown>> = {},
): ServedAnswer {
  return {
    body: {
      issuer: `https://${host}/${issuerTenant}/v2.0`,
      authorization_endpoint: `https://${host}/${tenant}/oauth2/v2.0/authorize`,
      token_endpoint: `https://${host}/${tenant}/oauth2/v2.0/token`,
      jwks_uri: `https://${host}/${tenant}/discovery/v2.0/keys`,
      response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
      scopes_supported: ["openid", "profile", "email", "offline_access"],
      id_token_signing_alg_values_supported: ["RS256"],
      tenant_region_scope: "EU",
      cloud_instance_name: "microsoftonline.com",
      msgraph_host: "graph.microsoft.com",
      ...members,
    },
  };
}

/** The documents of Entra by tenant. */
const tenants: Readonly<Record<string, ServedAnswer>> = {
  common: documentOf("common", "{tenantid}"),
  organizations: documentOf("organizations", "{tenantid}"),
  consumers: documentOf("consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"),
  [tenantId]: documentOf(tenantId),
  "acme.example": documentOf("acme.example", tenantId),
  "unknown.example": {
    status: 400,
    body: {
      error: "invalid_tenant",
      error_description:
        "AADSTS90002: Tenant 'unknown.example' not found. Check to make sure you have the correct tenant ID. Trace ID: 1",
    },
  },
  undefined: {
    status: 400,
    body: {
      error: "invalid_request",
      error_description: "AADSTS900023: Specified tenant identifier 'undefined' is neither a valid",
    },
  },
  [tenantId.toUpperCase()]: documentOf(tenantId),
  "busy.example": { status: 429, body: { error: "too many requests" } },
  "rejected.example": { status: 400, body: "<html>Bad request</html>" },
  "portal.example": { body: "<html>Sign in to the network</html>" },
  "11111111-2b34-4da1-9baa-8bc8c9d6a490": documentOf(tenantId),
  "gov.example": documentOf("gov.example", tenantId, {
    authorization_endpoint: "https://login.microsoftonline.us/gov.example/oauth2/v2.0/authorize",
    tenant_region_scope: "USGov",
    cloud_instance_name: "microsoftonline.us",
  }),
  "cn.example": documentOf("cn.example", tenantId, {
    cloud_instance_name: "partner.microsoftonline.cn",
  }),
};

/** Diagnoses an Entra provider. Entra is a server of this machine. */
async function findingsOf(settings: Partial<ProviderSettings>): Promise<readonly Finding[]> {
  const answers = Object.fromEntries(
    Object.entries(tenants).map(([tenant, answer]) => [
      `/${tenant}/v2.0/.well-known/openid-configuration`,
      answer,
    ]),
  );
  await using server = await startIssuerServer({ answers, tls: await authority.issue(host) });
  await using proxy = await startPublicHosts({ [host]: server.port });
  const found = await emulator.check(
    { type: "azureAd", name: "Entra", clientId: "c", clientSecret: "s", ...settings } as never,
    { proxy: proxy.proxy, tls: { ca: authority.ca }, allowPrivate: false },
  );
  found.forEach(({ check }) => reported.add(check));
  return found;
}

interface Planted {
  readonly name: string;
  readonly settings: Partial<ProviderSettings & { type: "azureAd" }>;
  readonly expected: readonly [severity: Severity, check: string, message: RegExp];
  readonly field?: string;
}

const planted: readonly Planted[] = [
  {
    name: "a tenant that does not exist",
    settings: { tenant: "unknown.example" },
    expected: ["broken", "entra/unknown-tenant", /unknown\.example \(AADSTS90002\), so nobody/],
    field: "tenant",
  },
  {
    name: "a tenant that is a mistake of a script",
    settings: { tenant: "undefined" },
    expected: ["broken", "entra/unknown-tenant", /\(AADSTS900023\)/],
  },
  {
    name: "a tenant that is neither an id nor a domain",
    settings: { tenant: "https://acme.example/" },
    expected: ["broken", "entra/unknown-tenant", /id or domain of a directory, not a URL/],
  },
  {
    name: "verified addresses of anybody, with common",
    settings: { tenant: "common", emailVerified: true },
    expected: ["risk", "entra/unverified-email", /anyone can create a tenant/],
    field: "emailVerified",
  },
  {
    name: "verified addresses of anybody, with the default tenant",
    settings: { emailVerified: true },
    expected: ["risk", "entra/unverified-email", /for the tenant common/],
  },
  {
    name: "verified addresses of anybody, with organizations",
    settings: { tenant: "organizations", emailVerified: true },
    expected: ["risk", "entra/unverified-email", /for the tenant organizations/],
  },
  {
    name: "a tenant whose document is about another",
    settings: { tenant: "11111111-2b34-4da1-9baa-8bc8c9d6a490" },
    expected: ["risk", "entra/other-tenant", /which is not this tenant/],
  },
  {
    name: "a tenant of the cloud of the US government",
    settings: { tenant: "gov.example" },
    expected: ["risk", "entra/national-cloud", /login\.microsoftonline\.us/],
  },
  {
    name: "a tenant of the cloud in China",
    settings: { tenant: "cn.example" },
    expected: ["risk", "entra/national-cloud", /partner\.microsoftonline\.cn/],
  },
  {
    name: "that it is unknown if a tenant exists while Entra rejects requests",
    settings: { tenant: "busy.example" },
    expected: ["unchecked", "entra/unreachable", /HTTP status 429/],
  },
  {
    name: "that it is unknown if a tenant exists while a proxy rejects the request",
    settings: { tenant: "rejected.example" },
    expected: ["unchecked", "entra/unreachable", /HTTP status 400/],
  },
  {
    name: "that it is unknown if a tenant exists behind a login page of the network",
    settings: { tenant: "portal.example" },
    expected: ["unchecked", "entra/unreachable", /without an issuer/],
  },
];

describe("doctor, Entra", () => {
  test.each(planted.map((each) => [each.name, each] as const))("finds %s", async (_, each) => {
    const [severity, check, message] = each.expected;
    const found = await findingsOf(each.settings);
    expect(aboveNotes(found)).toEqual([`${severity} ${check}`]);
    expect(found[0]).toMatchObject({
      message: expect.stringMatching(message),
      provider: { type: "azureAd", name: "Entra" },
      ...(each.field !== undefined && { field: each.field }),
    });
  });

  test.each([
    ["the id of a tenant", { tenant: tenantId }, []],
    ["the id of a tenant in capitals", { tenant: tenantId.toUpperCase() }, []],
    ["a domain of a tenant, whose issuer has the id", { tenant: "acme.example" }, []],
    ["common, whose issuer has a placeholder", { tenant: "common" }, ["entra/any-tenant"]],
    ["organizations", { tenant: "organizations" }, ["entra/any-tenant"]],
    [
      "consumers, whose issuer has the id of their tenant",
      { tenant: "consumers" },
      ["entra/any-tenant"],
    ],
    [
      "verified addresses of one tenant",
      { tenant: tenantId, emailVerified: true },
      ["entra/unverified-email"],
    ],
    ["scopes of Microsoft Graph", { tenant: tenantId, scopes: ["openid", "User.Read"] }, []],
  ])("reports at most notes for %s", async (_, settings, notes) => {
    const found = await findingsOf(settings);
    expect(aboveNotes(found)).toEqual([]);
    expect(found.map(({ check }) => check)).toEqual(notes);
  });

  test("finds that Entra is not reachable from this machine", async () => {
    await using proxy = await startPublicHosts({});
    const settings = { type: "azureAd", name: "Entra", clientId: "c", clientSecret: "s" } as const;
    const found = await emulator.check({ ...settings, tenant: tenantId }, { proxy: proxy.proxy });
    expect(aboveNotes(found)).toEqual(["unchecked entra/unreachable"]);
  });

  test("the catalogue has each check of the topic, and tests find each of them", () => {
    const names = [...reported].filter((check) => check.startsWith("entra/"));
    expect(names.toSorted()).toEqual(Object.keys(entraChecks).toSorted());
  });
});
