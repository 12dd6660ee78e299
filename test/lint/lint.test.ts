import { describe, expect, test } from "vitest";
import { lintChecks, type LintCheck } from "../../src/lint/lint-checks.js";
import { lintDesiredState } from "../../src/lint/lint-desired-state.js";
import type { Severity } from "../../src/lint/finding.js";
import type { DesiredState } from "../../src/providers/index.js";
import type { DesiredEntry } from "../../src/providers/plan/desired/desired-state.js";
import { findDesiredStateProblems } from "../../src/providers/plan/desired/desired-state-problems.js";
import { findDesiredValueProblems } from "../../src/providers/plan/desired/desired-value-problems.js";
import { providerTypeNames } from "../support/random-settings.js";
import { healthyEntries } from "./healthy-entries.js";

/** Changes to a healthy entry that make it a mistake. */
type Change = Readonly<Record<string, unknown>>;

/** Returns the first healthy entry of a type, with changes. */
function entry(type: string, change: Change): DesiredEntry {
  const healthy = healthyEntries.find((each) => each.type === type);
  return { ...healthy, ...change } as unknown as DesiredEntry;
}

function inOrganization(...providers: DesiredEntry[]): DesiredState {
  return { organization: { providers } };
}

const nobody = { options: {}, active: true };
const byEmail = { isLinkingAllowed: true, autoLinking: "email" };
const byUsername = { isLinkingAllowed: true, autoLinking: "username" };
const entraIssuer = "https://login.microsoftonline.com";
const directory = healthyEntries.find(({ type }) => type === "ldap") as unknown as {
  readonly attributes: Change;
};
const ownMetadata =
  '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="z"><SPSSODescriptor/></EntityDescriptor>';
const strictMetadata =
  '<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"><EntityDescriptor entityID="e"><IDPSSODescriptor WantAuthnRequestsSigned="1"/></EntityDescriptor></EntitiesDescriptor>';

/** The mistakes in one provider: the check that finds each, its severity, the field, the type and the change. */
const mistakes: readonly [LintCheck, Severity, string, string, Change][] = [
  ["oidc/scope-unsupported", "risk", "scopes[1]", "apple", { scopes: ["email", "profile"] }],
  ["apple/client-id", "broken", "clientId", "apple", { clientId: "acme" }],
  ["apple/client-id", "broken", "clientId", "apple", { clientId: "TEAM123456.com.acme", teamId: "TEAM123456" }],
  ["apple/key-id", "broken", "keyId", "apple", { keyId: "TEAM123456", teamId: "TEAM123456" }],
  ["apple/key-id", "broken", "keyId", "apple", { keyId: "abcdefghij" }],
  ["apple/team-id", "broken", "teamId", "apple", { teamId: "Acme, Inc." }],
  ["client/swapped", "broken", "clientId", "google", { clientId: "GOCSPX-4f89-11d3" }],
  ["client/swapped", "broken", "clientId", "google", { clientId: "x", clientSecret: "7.apps.googleusercontent.com" }],
  ["client/swapped", "broken", "clientId", "github", { clientId: "0123456789abcdef0123456789abcdef01234567" }],
  ["client/swapped", "broken", "clientId", "githubEs", { clientId: "x", clientSecret: "Iv1.0123456789abcdef" }],
  ["client/swapped", "broken", "clientId", "gitlab", { clientId: "gloas-0123456789" }],
  ["client/swapped", "broken", "clientId", "azureAd", { clientId: "abc8Q~0123456789012345678901234567890" }],
  ["client/wrong-kind", "broken", "clientId", "google", { clientId: "robot@acme.iam.gserviceaccount.com" }],
  ["client/wrong-kind", "broken", "clientId", "azureAd", { clientId: "api://3f2504e0-4f89-11d3-9a0c-0305e82c3301" }],
  ["client/same-values", "risk", "clientSecret", "oidc", { clientId: "same", clientSecret: "same" }],
  ["secret/wrong-kind", "broken", "clientSecret", "google", { clientSecret: "GOOGLE_CLIENT_SECRET" }],
  ["secret/wrong-kind", "broken", "clientSecret", "oidc", { clientSecret: "./secrets/oidc.txt" }],
  ["secret/wrong-kind", "broken", "clientSecret", "oidc", { clientSecret: "client-secret.txt" }],
  ["secret/wrong-kind", "broken", "clientSecret", "oauth", { clientSecret: "https://vault.acme.example/v1/x" }],
  ["secret/wrong-kind", "broken", "clientSecret", "oauth", { clientSecret: "-----BEGIN PRIVATE KEY-----\\nMIIE" }],
  ["secret/wrong-kind", "risk", "bindPassword", "ldap", { bindPassword: "/run/secrets/ldap" }],
  ["jwt/endpoint-invalid", "broken", "jwtEndpoint", "jwt", { jwtEndpoint: "nourl" }],
  ["jwt/endpoint-invalid", "broken", "keysEndpoint", "jwt", { keysEndpoint: "keys" }],
  ["jwt/same-endpoints", "broken", "jwtEndpoint", "jwt", { jwtEndpoint: "https://a.acme.example", keysEndpoint: "https://a.acme.example" }],
  ["ldap/base-dn-invalid", "broken", "baseDn", "ldap", { baseDn: "acme" }],
  ["ldap/bind-dn-form", "risk", "bindDn", "ldap", { bindDn: "administrator" }],
  ["ldap/swapped-names", "broken", "bindDn", "ldap", { bindDn: "dc=acme,dc=example", baseDn: "cn=zitadel,dc=acme,dc=example" }],
  ["ldap/port-in-path", "broken", "servers[0]", "ldap", { servers: ["ldaps://ldap.acme.example/636"] }],
  ["ldap/port-mismatch", "risk", "servers[0]", "ldap", { servers: ["ldaps://dc1.acme.example:3268"] }],
  ["oidc/issuer-mismatch", "broken", "issuer", "zitadel", { issuer: "https://acme.zitadel.cloud/ui/console" }],
  ["oidc/issuer-mismatch", "broken", "issuer", "zitadel", { issuer: "https://acme.zitadel.cloud/" }],
  ["scopes/comma", "risk", "scopes[0]", "oidc", { scopes: ["openid,profile,email"] }],
  ["url/discovery-document", "broken", "keysEndpoint", "jwt", { keysEndpoint: "https://a.acme.example/.well-known/openid-configuration" }],
  ["url/discovery-document", "broken", "tokenEndpoint", "oauth", { tokenEndpoint: "https://a.acme.example/.well-known/oauth-authorization-server" }],
  ["url/port-mismatch", "risk", "issuer", "oidc", { issuer: "https://sso.acme.example:80" }],
  ["secret/entra-secret-id", "broken", "clientSecret", "azureAd", { clientSecret: "3f2504e0-4f89-11d3-9a0c-0305e82c3301" }],
  ["entra/unverified-email", "risk", "emailVerified", "azureAd", { tenant: "common", options: {} }],
  ["entra/unverified-email", "risk", "emailVerified", "azureAd", { tenant: undefined, options: {} }],
  ["oidc/issuer-invalid", "broken", "issuer", "oidc", { issuer: "nonsense" }],
  ["oidc/issuer-mismatch", "broken", "issuer", "oidc", { issuer: "https://sso.acme.example/.well-known/openid-configuration" }],
  ["oidc/issuer-mismatch", "broken", "issuer", "oidc", { issuer: `${entraIssuer}/common/v2.0` }],
  ["oidc/issuer-mismatch", "broken", "issuer", "oidc", { issuer: `${entraIssuer}/organizations/v2.0` }],
  ["oidc/issuer-mismatch", "broken", "issuer", "oidc", { issuer: "https://accounts.google.com/" }],
  ["oidc/issuer-mismatch", "broken", "issuer", "oidc", { issuer: "https://acme.auth0.com" }],
  ["oidc/issuer-mismatch", "broken", "issuer", "oidc", { issuer: "https://acme.okta.com/oauth2/default/" }],
  ["oidc/issuer-mismatch", "broken", "issuer", "oidc", { issuer: "https://sso.acme.example/auth/realms/staff/" }],
  ["oidc/issuer-mismatch", "broken", "issuer", "oidc", { issuer: `${entraIssuer}/3f2504e0-4f89-11d3-9a0c-0305e82c3301` }],
  ["oidc/issuer-mismatch", "broken", "issuer", "gitlabSelfHosted", { issuer: "https://gitlab.com/" }],
  ["jwt/any-audience", "note", "audience", "jwt", { audience: "" }],
  ["ldap/changeable-id-attribute", "risk", "attributes.idAttribute", "ldap", { attributes: { ...directory.attributes, idAttribute: "mail" } }],
  ["ldap/id-attribute-missing", "broken", "attributes.idAttribute", "ldap", { attributes: undefined }],
  ["ldap/linking-attribute-missing", "risk", "attributes.emailAttribute", "ldap", { attributes: { idAttribute: "uid" }, options: byEmail }],
  ["ldap/no-tls", "risk", "servers[1]", "ldap", { servers: ["ldaps://a.example", "ldap://b.example"] }],
  ["ldap/no-tls", "note", "servers[0]", "ldap", { servers: ["ldap://localhost:1389"] }],
  ["ldap/port-mismatch", "risk", "servers[0]", "ldap", { servers: ["ldaps://ldap.acme.example:389"] }],
  ["ldap/port-mismatch", "risk", "servers[0]", "ldap", { servers: ["ldap://ldap.acme.example:636"], startTls: true }],
  ["ldap/profile-attributes-missing", "note", "attributes", "ldap", { attributes: { idAttribute: "uid" } }],
  ["ldap/root-ca-unused", "note", "rootCa", "ldap", { servers: ["ldap://a.example"], startTls: true, rootCa: "PEM" }],
  ["ldap/start-tls-unused", "note", "startTls", "ldap", { startTls: true }],
  ["linking/unverified-email", "risk", "options.autoLinking", "oauth", { options: byEmail }],
  ["linking/unverified-email", "risk", "options.autoLinking", "azureAd", { tenant: "organizations", options: byEmail }],
  ["linking/unverified-email", "note", "options.autoLinking", "saml", { options: byEmail }],
  ["linking/foreign-username", "risk", "options.autoLinking", "github", { options: byUsername }],
  ["linking/foreign-username", "risk", "options.autoLinking", "azureAd", { tenant: "common", options: byUsername }],
  ["linking/foreign-username", "note", "options.autoLinking", "oidc", { options: byUsername }],
  ["oauth/id-attribute", "risk", "idAttribute", "oauth", { idAttribute: "email" }],
  ["oauth/id-attribute", "risk", "idAttribute", "oauth", { idAttribute: "preferred_username" }],
  ["pkce/off", "note", "usePkce", "oauth", { usePkce: false, clientSecret: undefined }],
  ["options/asks-each-new-user", "note", "options", "oidc", { options: { isLinkingAllowed: true, isCreationAllowed: true } }],
  ["options/auto-creation-not-allowed", "risk", "options.isAutoCreation", "google", { options: { isLinkingAllowed: true, isAutoCreation: true } }],
  ["options/auto-linking-not-allowed", "risk", "options.autoLinking", "google", { options: { isCreationAllowed: true, autoLinking: "email" } }],
  ["options/auto-update-overwrites", "note", "options.isAutoUpdate", "google", { options: { isLinkingAllowed: true, isAutoUpdate: true } }],
  ["options/nobody-can-enter", "broken", "options", "saml", nobody],
  ["options/nobody-can-enter", "broken", "options", "google", { ...nobody, options: undefined }],
  ["options/nobody-can-enter", "note", "options", "google", { ...nobody, active: undefined }],
  ["options/open-to-everyone", "note", "options.isCreationAllowed", "github", {}],
  ["saml/changeable-name-id", "note", "nameIdFormat", "saml", { nameIdFormat: "email-address" }],
  ["saml/mapping-unused", "note", "transientMappingAttributeName", "saml", { transientMappingAttributeName: "uid" }],
  ["saml/metadata-invalid", "broken", "metadataXml", "saml", { metadataXml: ownMetadata }],
  ["saml/signing-off", "note", "withSignedRequest", "saml", { withSignedRequest: false }],
  ["saml/requests-unsigned", "risk", "withSignedRequest", "saml", { metadataXml: strictMetadata, withSignedRequest: false }],
  ["saml/transient-unmapped", "broken", "nameIdFormat", "saml", { nameIdFormat: "transient" }],
  ["saml/signature-weak", "risk", "signatureAlgorithm", "saml", { signatureAlgorithm: "rsa-sha1" }],
  ["scopes/email-missing", "risk", "scopes", "google", { scopes: ["openid", "profile"] }],
  ["scopes/email-missing", "note", "scopes", "oidc", { scopes: ["openid", "profile"] }],
  ["oidc/openid-scope-added", "note", "scopes", "oidc", { scopes: ["profile", "email"] }],
  ["scopes/profile-missing", "note", "scopes", "oidc", { scopes: ["openid", "email"] }],
  ["text/blanks-at-ends", "note", "clientId", "google", { clientId: " id" }],
  ["text/blanks-at-ends", "note", "name", "google", { name: "Google " }],
  ["text/placeholder", "broken", "clientId", "google", { clientId: "changeme" }],
  ["text/placeholder", "broken", "clientId", "google", { clientId: "<your-client-id>".slice(1, -1) }],
  ["text/placeholder", "broken", "clientSecret", "google", { clientSecret: "Change-Me" }],
  ["text/placeholder", "broken", "bindPassword", "ldap", { bindPassword: "xxxxxxxx" }],
  ["url/example-host", "risk", "issuer", "oidc", { issuer: "https://login.example.com" }],
  ["url/example-host", "risk", "servers[0]", "ldap", { servers: ["ldaps://ldap.example.org:636"] }],
  ["url/plain-http", "risk", "tokenEndpoint", "oauth", { tokenEndpoint: "http://forum.acme.example/token" }],
  ["url/plain-http", "risk", "keysEndpoint", "jwt", { keysEndpoint: "http://portal.acme.example/keys" }],
  ["url/plain-http", "note", "issuer", "oidc", { issuer: "http://127.0.0.1:8080" }],
  ["zitadel/not-offered", "note", "active", "zitadel", { active: true }],
]; // prettier-ignore

describe("lint finds", () => {
  test.each(mistakes)("%s (%s) at %s of %s: %j", (check, severity, field, type, change) => {
    const planted = entry(type, change);
    const findings = lintDesiredState(inOrganization(planted));
    expect(findings.map(({ finding }) => finding)).toContainEqual({
      severity,
      check,
      owner: { owner: "org" },
      provider: { type, name: expect.any(String) as string },
      field,
      message: expect.any(String) as string,
      fix: expect.any(String) as string,
    });
    for (const { finding } of findings) {
      expect(JSON.stringify(finding)).not.toMatch(/Change-Me|xxxxxxxx|4f89-11d3/);
    }
  });

  test("several active providers of one name, regardless of case, spaces and type", () => {
    const google = entry("google", { name: "", active: true });
    const oidc = entry("oidc", { name: " google ", active: undefined });
    const inactive = entry("github", { name: "Google", active: false });
    const [finding, ...others] = lintDesiredState(inOrganization(google, inactive, oidc)).filter(
      (each) => each.finding.check === "policy/same-name",
    );
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      finding: { severity: "risk", provider: { type: "oidc", name: "google" } },
      path: ["organization", "providers", 2, "name"],
    });
  });

  test("an entry that offers a provider of the instance which the same state deletes", () => {
    const desired: DesiredState = {
      instance: { providers: [{ absent: true, type: "google", name: "Google" }] },
      organizations: { "7": { providers: [{ instance: true, name: "Google", active: true }] } },
    };
    expect(lintDesiredState(desired)).toMatchObject([
      {
        finding: {
          severity: "broken",
          check: "policy/offered-but-deleted",
          owner: { owner: "org", orgId: "7" },
          provider: { name: "Google" },
        },
        path: ["organizations", "7", "providers", 0, "active"],
      },
    ]);
  });

  test("a list without providers that prune would empty", () => {
    expect(lintDesiredState({ instance: { providers: [], prune: true } })).toMatchObject([
      {
        finding: { severity: "risk", check: "prune/deletes-all", owner: { owner: "instance" } },
        path: ["instance", "prune"],
      },
    ]);
  });

  test("each check of the catalogue, in these tests or in those of its topic", () => {
    const elsewhere: LintCheck[] = [
      "policy/external-idp-off",
      "policy/offered-but-deleted",
      "policy/same-name",
      "prune/deletes-all",
      "reference/not-resolved",
    ];
    const found = new Set<string>([...mistakes.map(([check]) => check), ...elsewhere]);
    expect([...found].toSorted()).toEqual(Object.keys(lintChecks).toSorted());
  });
});

describe("lint accepts", () => {
  test("entries of all types as healthy", () => {
    expect(new Set(healthyEntries.map(({ type }) => type))).toEqual(new Set(providerTypeNames));
    expect(healthyEntries.length).toBeGreaterThanOrEqual(20);
  });

  test.each(healthyEntries.map((each) => [each.name, each] as const))(
    "%s with at most notes",
    (_, healthy) => {
      const desired = inOrganization(healthy);
      expect(findDesiredStateProblems(desired)).toEqual([]);
      expect(findDesiredValueProblems(desired)).toEqual([]);
      const findings = lintDesiredState(desired).map(({ finding }) => finding);
      expect(findings.filter(({ severity }) => severity !== "note")).toEqual([]);
    },
  );

  test("all of them in one list", () => {
    const findings = lintDesiredState(inOrganization(...healthyEntries));
    expect(findings.filter(({ finding }) => finding.severity !== "note")).toEqual([]);
  });
});
