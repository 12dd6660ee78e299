import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import {
  createProviders,
  type DesiredState,
  exportProviders,
  plan,
  ProviderError,
  type Providers,
  type ProviderSettings,
  type ProviderType,
} from "../../src/providers/index.js";
import type { FieldValues } from "../../src/providers/model/field-specs.js";
import { normalizeFields } from "../../src/providers/model/normalize-fields.js";
import { toRequest } from "../../src/providers/model/to-request.js";
import { createOwnerApi } from "../../src/providers/owner-api.js";
import { caCertificate as ca } from "../support/ca-certificate.js";

let emulator: Emulator;
let listener: Listener;
let client: IdpClient;
let providers: Providers;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
  client = createIdpClient({ baseUrl: listener.url, auth: emulator.token, protocol: "json" });
  providers = createProviders(client, { owner: "org" });
});
afterAll(async () => {
  await client.close();
  await emulator.close();
});

const p8 = generateKeyPairSync("ec", { namedCurve: "P-256" })
  .privateKey.export({ format: "pem", type: "pkcs8" })
  .toString();
const sec1 = generateKeyPairSync("ec", { namedCurve: "P-256" })
  .privateKey.export({ format: "pem", type: "sec1" })
  .toString();
const metadata = '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="e"/>';

const login = { clientId: "c", clientSecret: "s" };
const issuer = "https://a.example";
const settings: Readonly<Partial<Record<ProviderType, FieldValues>>> = {
  apple: { name: "n", clientId: "c", teamId: "T123456789", keyId: "K123456789", privateKey: p8 },
  azureAd: { name: "n", ...login },
  google: { name: "n", ...login },
  jwt: {
    name: "n",
    issuer,
    jwtEndpoint: `${issuer}/j`,
    keysEndpoint: `${issuer}/k`,
    headerName: "h",
  },
  ldap: {
    name: "n",
    servers: ["ldap://a.example"],
    baseDn: "dc=a",
    bindDn: "cn=a",
    bindPassword: "p",
    userBase: "dn",
    userObjectClasses: ["person"],
    userFilters: ["uid"],
  },
  oauth: {
    name: "n",
    ...login,
    authorizationEndpoint: `${issuer}/a`,
    tokenEndpoint: `${issuer}/t`,
    userEndpoint: `${issuer}/u`,
    idAttribute: "sub",
  },
  oidc: { name: "n", issuer, ...login },
  saml: { name: "n", metadataXml: metadata },
  zitadel: { name: "n", issuer, ...login },
};

function settingsWith(type: ProviderType, values: FieldValues): ProviderSettings {
  return { type, ...settings[type], ...values } as unknown as ProviderSettings;
}

/** Sends an add without the checks of the client. */
async function addUnchecked(type: ProviderType, values: FieldValues): Promise<string> {
  const { type: _, ...fields } = settingsWith(type, values);
  return createOwnerApi(client, "org").add(
    type,
    toRequest(type, normalizeFields(type, fields)),
    {},
  );
}

async function rejection(promise: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await promise.then(
    () => "it was accepted",
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
}

const desired = (...list: readonly FieldValues[]): DesiredState =>
  ({ organization: { providers: list } }) as unknown as DesiredState;

/** The ids of one provider of each type. No test changes these providers. */
const ids: Partial<Record<ProviderType, string>> = {};

/** Expects that add, update and plan reject values, and that only reads were sent. */
async function expectRefused(
  type: ProviderType,
  values: FieldValues,
  problem: RegExp,
): Promise<void> {
  const id = (ids[type] ??= await addUnchecked(type, { name: "there" }));
  const before = emulator.log.length;
  const errors = [
    await rejection(providers.add(settingsWith(type, values))),
    await rejection(providers.update(id, values)),
    await rejection(plan(client, desired({ ...settingsWith(type, { ...values, name: "new" }) }))),
    await rejection(plan(client, desired({ ...settingsWith(type, values), id }))),
  ];
  for (const { reason, message, problems } of errors) {
    expect({ reason, message }).toEqual({
      reason: "invalid",
      message: expect.stringMatching(problem) as string,
    });
    expect(problems.at(0)?.path).toContain(Object.keys(values)[0]);
    for (const secret of [values["clientSecret"], values["bindPassword"], values["privateKey"]]) {
      expect(typeof secret === "string" && message.includes(secret)).toBe(false);
    }
  }
  const writes = emulator.log.slice(before).filter(({ rpc }) => !/^(Get|List)/.test(rpc ?? ""));
  expect(writes).toEqual([]);
}

describe("the client rejects the values that the server rejects:", () => {
  const oneLine = ca.replaceAll("\n", "");
  const der = `base64:${ca.replace(/-----.*-----\n|\n/g, "")}`;
  test.each<[ProviderType, string, FieldValues, RegExp]>([
    ["saml", "empty metadata", { metadataXml: "" }, /metadataXml: is empty/],
    ["saml", "metadata that is not XML", { metadataXml: "nope" }, /is not XML/],
    ["saml", "other XML", { metadataXml: "<a/>" }, /EntityDescriptor/],
    ["saml", "cut metadata", { metadataXml: metadata.slice(0, -2) }, /is not XML/],
    ["saml", "an HTML page", { metadataXml: "<html><body/></html>" }, /HTML page/],
    ["ldap", "junk", { rootCa: "junk" }, /rootCa: .* no line -----BEGIN CERTIFICATE-----/],
    ["ldap", "DER", { rootCa: der }, /rootCa: .* DER: convert it to PEM \(openssl x509/],
    ["ldap", "one line", { rootCa: oneLine }, /one line: put line breaks/],
    ["ldap", "a byte order mark", { rootCa: `\ufeff${ca}` }, /byte order mark/],
    ["ldap", "indentation", { rootCa: ca.replace(/^(?=.)/gm, "  ") }, /indented/],
    ["ldap", "a key", { rootCa: p8 }, /only other blocks/],
    ["ldap", "a file that is cut off", { rootCa: ca.slice(0, 300) }, /cut off/],
    ["apple", "no PEM", { privateKey: "planted" }, /privateKey: .* no line/],
    ["apple", "a key of SEC 1", { privateKey: sec1 }, /openssl pkcs8 -topk8 -nocrypt/],
    ["apple", "another block", { privateKey: ca + p8 }, /another block precedes the key/],
    ["apple", "one line", { privateKey: p8.replaceAll("\n", " ") }, /one line: put line breaks/],
    ["apple", "a byte order mark", { privateKey: `\ufeff${p8}` }, /byte order mark/],
    ["apple", "quotes", { privateKey: JSON.stringify(p8) }, /start of a line/],
  ])("%s with %s", async (type, _, values, problem) => {
    await expect(addUnchecked(type, values)).rejects.toThrow(/ORG-|INST-/);
    await expectRefused(type, values, problem);
  });
});

describe("the client accepts the values that the server accepts:", () => {
  test.each<[ProviderType, string, FieldValues]>([
    ["saml", "an entity that is not an identity provider", { metadataXml: metadata }],
    ["saml", "text around the metadata", { metadataXml: `a ${metadata} </b>` }],
    ["ldap", "no root CA", { rootCa: "" }],
    ["ldap", "text around a certificate", { rootCa: `subject\n${ca}` }],
    ["ldap", "CRLF", { rootCa: ca.replaceAll("\n", "\r\n") }],
    ["ldap", "a key before the certificate", { rootCa: p8 + ca }],
    ["apple", "CRLF", { privateKey: p8.replaceAll("\n", "\r\n") }],
    ["azureAd", "a directory by id", { tenant: "8EAEF023-2b34-4da1-9baa-8bc8c9d6a490" }],
    ["azureAd", "a directory by domain", { tenant: "contoso.onmicrosoft.com" }],
    ["azureAd", "a name", { tenant: "organizations" }],
    ["google", "a scope that is a URL", { scopes: ["https://a.example/b.c", "a,b", "a", "a"] }],
    ["google", "a secret with a blank inside", { clientSecret: "a ${b c" }],
    ["oidc", "blanks around values that ZITADEL trims", { issuer: ` ${issuer} `, clientId: " c " }],
    ["oidc", "a host with port", { issuer: "http://localhost:8080/realms/a/" }],
    ["oauth", "endpoints with a query", { tokenEndpoint: `${issuer}/t?a=b` }],
    ["jwt", "an issuer that is not a URL", { issuer: "accounts.google.com" }],
    ["ldap", "upper-case letters", { servers: ["LDAPS://A.example:636", "ldap://[::1]"] }],
    ["ldap", "names to bind with", { bindDn: "zitadel@acme.example" }],
    ["ldap", "commas in names", { baseDn: 'o="A, B",ou=C\\, D,dc=a' }],
    ["ldap", "operators", { userFilters: ["mail", "cn;lang-de", "uid~", "member:1.2.3:"] }],
    ["ldap", "more filters", { userObjectClasses: ["*", "person)(!(memberOf=cn=a,dc=b)"] }],
    ["ldap", "a timeout of zero", { timeout: "0s" }],
  ])("%s with %s", async (type, _, values) => {
    await addUnchecked(type, values);
    const { id } = await providers.add(settingsWith(type, values));
    await providers.update(id, { name: "m" });
    await providers.update(id, { ...values, name: "n" });
    const { clientSecret: _secret, ...kept } = settingsWith(type, values) as {
      clientSecret?: string;
    };
    const state = desired({ ...(kept as ProviderSettings), id });
    expect((await plan(client, state)).owners[0]?.actions).toEqual([]);
  });
});

describe("the client rejects certain mistakes:", () => {
  test.each<[ProviderType, FieldValues, RegExp]>([
    ["azureAd", { tenant: "organisations" }, /tenant: did you mean organizations\?/],
    ["azureAd", { tenant: "COMMON" }, /did you mean common\?/],
    ["azureAd", { tenant: "common " }, /did you mean common\?/],
    ["azureAd", { tenant: "https://login.microsoftonline.com/a.example" }, /not a URL/],
    ["azureAd", { tenant: "" }, /leave it out for common/],
    ["google", { clientSecret: "planted\n" }, /clientSecret: ends with a line break/],
    ["google", { clientSecret: "planted\r\n" }, /ends with a line break/],
    ["google", { clientSecret: " planted" }, /begins or ends with white space/],
    ["google", { clientSecret: "\ufeffplanted" }, /byte order mark/],
    ["google", { clientSecret: "plan\nted" }, /several lines/],
    ["google", { clientSecret: "${CLIENT_SECRET}" }, /placeholder/],
    ["ldap", { bindPassword: "planted\n\n" }, /bindPassword: ends with a line break/],
    ["google", { clientId: "<client-id>" }, /clientId: is still a placeholder/],
    ["google", { clientId: "CHANGE_ME" }, /placeholder/],
    ["google", { clientId: "undefined" }, /placeholder/],
    ["google", { clientId: "a-${ENVIRONMENT}" }, /placeholder/],
    ["google", { clientId: "a\nb" }, /several lines/],
    ["google", { scopes: ["openid profile"] }, /scopes\[0\]: must be one scope/],
    ["google", { scopes: ["openid", " "] }, /scopes\[1\]: must be one scope/],
    ["oidc", { issuer: "accounts.google.com" }, /issuer: .* begins with https:\/\//],
    ["oidc", { issuer: "htps://a.example" }, /begins with https:\/\//],
    ["oidc", { issuer: "https://a.example?a=b" }, /no query/],
    ["oidc", { issuer: "https://a.example/.well-known/openid-configuration" }, /ZITADEL appends/],
    ["oidc", { issuer: "https://a.example:70000" }, /1 to 65535/],
    ["oidc", { issuer: "https://{tenant}.example" }, /braces/],
    ["oidc", { issuer: "https://a. example" }, /white space/],
    ["oidc", { issuer: "https://https://a.example" }, /twice/],
    ["oauth", { tokenEndpoint: "a.example/token" }, /tokenEndpoint: .* https:\/\//],
    ["oauth", { userEndpoint: "https://a.example/u#me" }, /no fragment/],
    ["jwt", { headerName: "Authorization: " }, /headerName: .* without colon/],
    ["jwt", { audience: " a" }, /audience: begins or ends/],
    ["ldap", { servers: ["ldap.acme.example"] }, /servers\[0\]: must begin with ldaps:\/\//],
    ["ldap", { servers: ["ldap://a", "ldap.acme.example:636"] }, /servers\[1\]: must begin/],
    ["ldap", { servers: ["https://ldap.acme.example"] }, /must begin with ldaps:\/\//],
    ["ldap", { servers: ["ldaps://a:99999"] }, /1 to 65535/],
    ["ldap", { servers: ["ldaps://"] }, /must have a host/],
    ["ldap", { userFilters: ["(uid=%s)"] }, /userFilters\[0\]: must be the name of an attribute/],
    ["ldap", { userFilters: ["uid={0}"] }, /userFilters/],
    ["ldap", { userFilters: ["a user"] }, /userFilters/],
    ["ldap", { userFilters: ["uid,mail"] }, /an entry of its own/],
    ["ldap", { userObjectClasses: ["(objectClass=person)"] }, /userObjectClasses/],
    ["ldap", { baseDn: "acme.example" }, /baseDn: .* dc=acme,dc=example/],
    ["ldap", { baseDn: "dc=acme,example" }, /baseDn: is not a distinguished name/],
    ["ldap", { bindDn: "cn=a,,dc=b" }, /bindDn: is not a distinguished name/],
    ["ldap", { timeout: "-1s" }, /timeout: must not be negative/],
    ["ldap", { timeout: "-0.000000001s" }, /must not be negative/],
    ["ldap", { attributes: { idAttribute: "uid " } }, /attributes.idAttribute: must be the name/],
    ["saml", { metadataXml: undefined, metadataUrl: "idp.example/m" }, /metadataUrl: .* https/],
    ["saml", { metadataXml: undefined, metadataUrl: "" }, /metadataUrl/],
    ["saml", { metadataXml: "https://idp.example/m" }, /give it as metadataUrl/],
    ["saml", { binding: "POST" }, /binding: .* did you mean post\?/],
    ["saml", { signatureAlgorithm: "RSA_SHA256" }, /did you mean rsa-sha256\?/],
    ["google", { options: { autoLinking: "AUTO_LINKING_OPTION_EMAIL" } }, /did you mean email\?/],
    [
      "zitadel",
      { instanceRolesInfo: [{ organizationId: "1", organizationDomain: "https://a.example" }] },
      /organizationDomain: must be a domain/,
    ],
  ])("%s with %j", async (type, values, problem) => {
    const given = Object.fromEntries(
      Object.entries(values).filter(([, value]) => value !== undefined),
    );
    if ("metadataUrl" in given) {
      const { metadataXml: _, ...others } = settingsWith("saml", given) as unknown as FieldValues;
      expect(
        (await rejection(providers.add(others as unknown as ProviderSettings))).message,
      ).toMatch(problem);
      return;
    }
    await expectRefused(type, given, problem);
  });
});

test("a type in the wrong case gets a suggestion", async () => {
  const { message } = await rejection(providers.add({ type: "azuread" } as never));
  expect(message).toContain("did you mean azureAd?");
});

test("line breaks that an environment variable turned into \\n are restored", async () => {
  const { id } = await providers.add(
    settingsWith("apple", { privateKey: p8.replaceAll("\n", "\\n") }),
  );
  await providers.update(id, { privateKey: p8.replaceAll("\n", "\\r\\n") });
  const ldap = await providers.add(settingsWith("ldap", { rootCa: ca.replaceAll("\n", "\\n") }));
  expect(ldap).toMatchObject({ rootCa: ca });
});

describe("odd values that a provider already has", () => {
  const odd = {
    servers: ["s0", "ldap://a"],
    baseDn: "a.example",
    timeout: "-3s",
    userFilters: ["(uid=%s)"],
  };

  test("do not prevent other changes, nor changes of the list that contains them", async () => {
    const id = await addUnchecked("ldap", odd);
    await providers.update(id, { name: "m", attributes: { idAttribute: "uid" } });
    await providers.update(id, { ...odd, name: "n" });
    const { provider } = await providers.update(id, { servers: ["ldap://b", "s0"] });
    expect(provider).toMatchObject({ ...odd, name: "n", servers: ["ldap://b", "s0"] });
    expect((await rejection(providers.update(id, { servers: ["s1", "s0"] }))).message).toMatch(
      /servers\[0\]/,
    );
  });

  test("do not prevent a plan, which rejects other odd values", async () => {
    emulator.reset();
    await addUnchecked("ldap", odd);
    await addUnchecked("azureAd", { tenant: "Common", name: "a" });
    const state = { organization: await exportProviders(client, { owner: "org" }) };
    expect((await plan(client, state)).owners[0]).toMatchObject({ actions: [], unchanged: 2 });
    const changed = JSON.parse(
      JSON.stringify(state).replace("(uid=%s)", "(mail=%s)"),
    ) as DesiredState;
    expect((await rejection(plan(client, changed))).problems.map(({ path }) => path)).toEqual([
      ["organization", "providers", expect.any(Number) as number, "userFilters", 0],
    ]);
  });
});
