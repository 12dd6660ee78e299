import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DiagnoseOptions, Finding } from "../../src/doctor/index.js";
import { ldapChecks } from "../../src/doctor/checks/ldap/ldap-checks.js";
import type { SettingsByType } from "../../src/providers/index.js";
import {
  createAuthority,
  type KeyAndCertificate,
  type TestAuthority,
} from "../support/certificates.js";
import { findFreePorts } from "../support/ports.js";
import { startUnresponsiveServer } from "../support/unresponsive-server.js";
import { diagnoseEntry, diagnoseOnServer } from "./support/diagnose-provider.js";
import { startRejectingServer } from "./support/rejecting-ldap-server.js";
import { expectFinding, listProblems, seenChecks } from "./support/findings.js";
import { createSelfSigned, dayMs, fromNow, hourMs } from "./support/self-signed.js";
import {
  adminDn,
  adminPassword,
  baseDn,
  type Slapd,
  startSlapd,
  userEntry,
} from "./support/slapd.js";

type LdapEntry = SettingsByType["ldap"];

const yearMs = 365 * dayMs;

let authority: TestAuthority;
let certificate: KeyAndCertificate;
let slapd: Slapd;
beforeAll(async () => {
  authority = await createAuthority("Acme CA");
  certificate = await authority.issue("localhost");
  slapd = await startSlapd({
    tls: certificate,
    entries:
      userEntry("alice", ["telephoneNumber: 1", "employeeType: TRUE", "departmentNumber: 7"]) +
      userEntry("bob", ["employeeType: yes", "departmentNumber: 7"]),
  });
});
afterAll(async () => {
  await slapd[Symbol.asyncDispose]();
});

/** Returns a provider that works with `slapd`. */
function ldap(changes: Partial<LdapEntry> = {}): LdapEntry {
  return {
    type: "ldap",
    name: "Acme",
    servers: [slapd.tlsUrl],
    rootCa: authority.ca,
    baseDn,
    bindDn: adminDn,
    bindPassword: adminPassword,
    userBase: "dn",
    userObjectClasses: ["inetOrgPerson"],
    userFilters: ["uid"],
    timeout: "10s",
    attributes: {
      idAttribute: "uid",
      firstNameAttribute: "givenName",
      lastNameAttribute: "sn",
      emailAttribute: "mail",
    },
    ...changes,
  };
}

const probing: DiagnoseOptions = { probeSecrets: true, withinMs: hourMs / 2 };

/** Returns the findings about a provider of a file, with its password. */
async function check(
  changes: Partial<LdapEntry> = {},
  options: DiagnoseOptions = {},
): Promise<readonly Finding[]> {
  return await diagnoseEntry(ldap(changes), { ...probing, ...options });
}

describe("a working LDAP provider", () => {
  test("reports at most notes for a server with ldaps and a root CA", async () => {
    expect(listProblems(await check())).toEqual([]);
  });

  test("reports at most notes for a server with StartTLS", async () => {
    const changes = { servers: [slapd.plainUrl], startTls: true, rootCa: "" };
    expect(listProblems(await check(changes, { tls: { ca: authority.ca } }))).toEqual([]);
  });

  test("reports at most notes for a server without TLS on this machine, with --allow-private", async () => {
    const changes = { servers: [slapd.plainUrl], rootCa: "" };
    expect(listProblems(await check(changes, { allowPrivate: true }))).toEqual([]);
  });

  test("reports at most notes for an authority that this machine trusts", async () => {
    expect(listProblems(await check({ rootCa: "" }, { tls: { ca: authority.ca } }))).toEqual([]);
  });

  test("reports at most notes for two servers", async () => {
    expect(listProblems(await check({ servers: [slapd.tlsUrl, slapd.tlsUrl] }))).toEqual([]);
  });

  test("reports at most notes for a provider on the server, whose password is unknown", async () => {
    const findings = await diagnoseOnServer(
      { ...ldap(), bindPassword: adminPassword },
      { withinMs: 0 },
    );
    expect(listProblems(findings)).toEqual([]);
    expectFinding(findings, "note", "ldap/bind-not-tried", "does not return its password");
  });

  test("reports at most notes for several filters and classes that users have", async () => {
    const changes = {
      userFilters: ["uid", "mail"],
      userObjectClasses: ["person", "inetOrgPerson"],
    };
    expect(listProblems(await check(changes))).toEqual([]);
  });

  test("reports at most notes for a root CA with two certificates", async () => {
    const tls = await createSelfSigned({
      name: "localhost",
      dnsNames: ["localhost"],
      isAuthority: true,
    });
    await using server = await startSlapd({ tls, entries: userEntry("carol") });
    const rootCa = `${authority.ca}\n${tls.cert}`;
    const findings = await check({ servers: [server.tlsUrl], rootCa });
    expect(listProblems(findings)).toEqual([]);
  });
});

describe("servers", () => {
  test("finds a port at which nothing listens", async () => {
    const [port = 0] = await findFreePorts(1);
    const findings = await check({ servers: [`ldaps://localhost:${port}`] });
    expectFinding(findings, "broken", "ldap/unreachable", "does not accept connections");
  });

  test("finds a host without an address", async () => {
    const findings = await check({ servers: ["ldaps://ldap.acme.invalid"] });
    expect(["broken", "unchecked"]).toContain(
      findings.find((each) => each.check === "ldap/unreachable")?.severity,
    );
  });

  test("finds a server that does not answer, as unchecked", async () => {
    await using silent = await startUnresponsiveServer();
    const findings = await check(
      { servers: [`ldaps://localhost:${new URL(silent.url).port}`] },
      { timeoutMs: 300 },
    );
    expectFinding(findings, "unchecked", "ldap/unreachable", "does not answer within 300 ms");
  });

  test("finds a server that does not answer to StartTLS, as unchecked", async () => {
    await using silent = await startUnresponsiveServer();
    const changes = { servers: [`ldap://localhost:${new URL(silent.url).port}`], startTls: true };
    const findings = await check(changes, { timeoutMs: 300 });
    expectFinding(findings, "unchecked", "ldap/unreachable", "does not answer within 300 ms");
  });

  test("finds ldaps at a port without TLS", async () => {
    const findings = await check({ servers: [slapd.plainUrl.replace("ldap:", "ldaps:")] });
    expectFinding(findings, "broken", "ldap/port-without-tls", "speaks LDAP without TLS");
  });

  test("finds a server that is not an LDAP server", async () => {
    const server: Server = createServer((socket) => socket.resume().end("hello\r\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const findings = await check({ servers: [`ldap://localhost:${port}`], startTls: true });
    expectFinding(findings, "unchecked", "ldap/unreachable", "localhost");
    await new Promise((resolve) => server.close(resolve));
  });

  test("finds a server without StartTLS", async () => {
    await using server = await startSlapd({ entries: userEntry("carol") });
    const findings = await check({ servers: [server.plainUrl], startTls: true });
    expectFinding(findings, "broken", "ldap/start-tls-refused", "does not support StartTLS");
  });

  test("finds a connection without TLS", async () => {
    const findings = await check({ servers: [slapd.plainUrl] });
    const { fix } = expectFinding(findings, "risk", "ldap/no-tls", "can read the passwords");
    expect(fix).toContain("startTls");
    expectFinding(findings, "note", "ldap/root-ca-unused", "no effect");
  });

  test("finds a server that wants TLS", async () => {
    await using server = await startSlapd({
      tls: certificate,
      entries: userEntry("carol"),
      lines: ["security simple_bind=128"],
    });
    const findings = await check({ servers: [server.plainUrl] });
    expectFinding(findings, "broken", "ldap/tls-required", "only with TLS");
  });

  test("finds an entry that is not a URL", async () => {
    const findings = await check({ servers: ["ldap.acme.example", slapd.tlsUrl] });
    expectFinding(findings, "broken", "ldap/server-invalid", "is not a URL of an LDAP server");
  });

  test("finds a socket on the machine of ZITADEL, as unchecked", async () => {
    const findings = await check({ servers: ["ldapi://%2Frun%2Fslapd"] });
    expectFinding(findings, "unchecked", "ldap/server-unchecked", "socket on ZITADEL's machine");
  });

  test("finds one of two servers that fails", async () => {
    const [port = 0] = await findFreePorts(1);
    const findings = await check({ servers: [`ldaps://localhost:${port}`, slapd.tlsUrl] });
    expectFinding(findings, "risk", "ldap/unreachable", "sign-in works only as long as localhost:");
    expect(listProblems(findings)).toEqual(["risk ldap/unreachable"]);
  });

  test("finds two servers that fail, each in its own way", async () => {
    const [port = 0] = await findFreePorts(1);
    const servers = [`ldaps://localhost:${port}`, slapd.tlsUrl];
    const findings = await check({ servers, bindPassword: "wrong" });
    expect(listProblems(findings)).toEqual([
      "broken ldap/unreachable",
      "broken ldap/bind-rejected",
    ]);
  });

  test("finds a negative timeout", async () => {
    const findings = await check({ timeout: "-1s" });
    expectFinding(findings, "broken", "ldap/timeout-negative", "fails at once");
  });

  test("finds a timeout of milliseconds", async () => {
    expectFinding(await check({ timeout: "0.01s" }), "risk", "ldap/timeout-short", "0.01 seconds");
  });

  test("finds two servers without a timeout", async () => {
    const findings = await check({ servers: [slapd.tlsUrl, slapd.tlsUrl], timeout: "0s" });
    expectFinding(findings, "note", "ldap/timeout-long", "60 seconds");
  });
});

describe("certificates", () => {
  /** Returns the findings about a server with another certificate. */
  async function checkWith(
    tls: KeyAndCertificate,
    changes: Partial<LdapEntry> = {},
    options: DiagnoseOptions = {},
  ): Promise<readonly Finding[]> {
    await using server = await startSlapd({ tls, entries: userEntry("carol") });
    return await check({ servers: [server.tlsUrl], ...changes }, options);
  }

  test("finds a certificate that has expired", async () => {
    const tls = await createSelfSigned({
      dnsNames: ["localhost"],
      notBefore: fromNow(-2 * dayMs),
      notAfter: fromNow(-dayMs),
    });
    const findings = await checkWith(tls, { rootCa: tls.cert });
    const { expiresAt } = expectFinding(
      findings,
      "broken",
      "ldap/certificate-expired",
      "expired on",
    );
    expect(Date.parse(expiresAt ?? "")).toBeLessThan(Date.now());
  });

  test("finds a certificate that expires soon", async () => {
    const findings = await check({}, { withinMs: dayMs });
    expectFinding(findings, "expires", "ldap/certificate-expires", "sign-in fails from then on");
    expect(listProblems(findings)).toContain("expires ldap/root-ca-expires");
  });

  test("finds a certificate that is not valid yet", async () => {
    const tls = await createSelfSigned({
      dnsNames: ["localhost"],
      notBefore: fromNow(dayMs),
      notAfter: fromNow(yearMs),
    });
    const findings = await checkWith(tls, { rootCa: tls.cert });
    expectFinding(findings, "broken", "ldap/certificate-not-yet-valid", "not valid before");
  });

  test("finds a certificate for another host", async () => {
    const findings = await checkWith(await authority.issue("ldap.acme.example"));
    expectFinding(
      findings,
      "broken",
      "ldap/certificate-name",
      "DNS:ldap.acme.example, not for localhost",
    );
  });

  test("finds a certificate for the host name of a server that is reached by its address", async () => {
    const servers = [slapd.tlsUrl.replace("localhost", "127.0.0.1")];
    expectFinding(await check({ servers }), "broken", "ldap/certificate-name", "not for 127.0.0.1");
  });

  test("finds a certificate with a common name only, which Go ignores", async () => {
    const tls = await createSelfSigned({ name: "localhost" });
    const findings = await checkWith(tls, { rootCa: tls.cert });
    expectFinding(findings, "broken", "ldap/certificate-name", "ignores the common name");
  });

  test("finds a certificate of an authority that is not trusted", async () => {
    const findings = await check({ rootCa: "" });
    expectFinding(findings, "broken", "ldap/certificate-untrusted", "CN=Acme CA");
  });

  test("finds a root CA that did not sign the certificate", async () => {
    const other = await createAuthority("Other CA");
    const findings = await check({ rootCa: other.ca });
    expectFinding(findings, "broken", "ldap/root-ca-mismatch", /CN=Acme CA.*CN=Other CA/);
  });

  test("finds a root CA that did not sign the certificate over StartTLS", async () => {
    const other = await createAuthority("Other CA");
    const changes = { servers: [slapd.plainUrl], startTls: true, rootCa: other.ca };
    const findings = await check(changes);
    expectFinding(findings, "broken", "ldap/certificate-untrusted", /CN=Acme CA.*ignores rootCa/);
  });

  test("finds a root CA that StartTLS needs and ZITADEL ignores, and still tries the bind", async () => {
    const findings = await check({ servers: [slapd.plainUrl], startTls: true });
    expect(listProblems(findings)).toEqual(["risk version/ldap-start-tls-root-ca"]);
    const wrong = { servers: [slapd.plainUrl], startTls: true, bindPassword: "wrong" };
    expectFinding(await check(wrong), "broken", "ldap/bind-rejected", "rejects the bind account");
  });

  test("reports at most notes for a root CA that StartTLS does not need", async () => {
    const changes = { servers: [slapd.plainUrl], startTls: true };
    const findings = await check(changes, { tls: { ca: authority.ca } });
    expect(listProblems(findings)).toEqual([]);
    expectFinding(findings, "note", "ldap/root-ca-unused", "for servers with ldaps: only");
  });

  test("rejects a chain whose certificates did not sign each other", async () => {
    const root = await createSelfSigned({ name: "Root CA", isAuthority: true });
    const middle = await createSelfSigned({ name: "Middle CA", isAuthority: true, signer: root });
    const { signingKey } = await createSelfSigned();
    const forged = await createSelfSigned({
      dnsNames: ["localhost"],
      signer: { ...middle, signingKey },
    });
    const tls = { ...forged, cert: `${forged.cert}\n${middle.cert}` };
    await using server = await startSlapd({ tls, entries: userEntry("carol") });
    const changes = { servers: [server.plainUrl], startTls: true, rootCa: root.cert };
    expect(listProblems(await check(changes))).toEqual(["broken ldap/certificate-untrusted"]);
  });

  test("finds a chain without its intermediate certificate", async () => {
    const root = await createSelfSigned({ name: "Root CA", isAuthority: true });
    const middle = await createSelfSigned({
      name: "Acme Issuing CA",
      isAuthority: true,
      signer: root,
    });
    const tls = await createSelfSigned({ dnsNames: ["localhost"], signer: middle });
    const findings = await checkWith(tls, { rootCa: root.cert });
    expectFinding(findings, "broken", "ldap/chain-incomplete", "Acme Issuing CA");
  });

  test("finds a weak key of an authority, and of a server", async () => {
    const weak = await createSelfSigned({ name: "Weak CA", isAuthority: true, bits: 1024 });
    const findings = await check({ rootCa: `${authority.ca}\n${weak.cert}` });
    expectFinding(findings, "risk", "ldap/root-ca-weak", "RSA key of only 1024 bits");
    const root = await createSelfSigned({ name: "Root CA", isAuthority: true, hash: "SHA-1" });
    const tls = await createSelfSigned({ dnsNames: ["localhost"], signer: root });
    const bySha1 = await checkWith(tls, { rootCa: root.cert });
    expectFinding(bySha1, "broken", "ldap/certificate-weak", "sha1WithRSAEncryption");
  });

  test("finds a root CA that has expired", async () => {
    const old = await createSelfSigned({
      name: "Old CA",
      isAuthority: true,
      notBefore: fromNow(-2 * yearMs),
      notAfter: fromNow(-yearMs),
    });
    const findings = await check({ rootCa: old.cert });
    expectFinding(findings, "broken", "ldap/root-ca-expired", "Old CA");
    const both = await check({ rootCa: `${old.cert}\n${authority.ca}` });
    expectFinding(both, "note", "ldap/root-ca-expired", "Old CA");
  });

  test("finds an authority that has expired, although the certificate of the server has not", async () => {
    const old = await createSelfSigned({
      name: "Old CA",
      isAuthority: true,
      notBefore: fromNow(-2 * yearMs),
      notAfter: fromNow(-dayMs),
    });
    const tls = await createSelfSigned({ dnsNames: ["localhost"], signer: old });
    const findings = await checkWith(tls, { rootCa: old.cert });
    expectFinding(findings, "broken", "ldap/authority-expired", "Old CA");
    expectFinding(findings, "broken", "ldap/root-ca-expired", "Old CA");
  });

  test("finds an authority that is not valid yet, although the certificate of the server is", async () => {
    const early = await createSelfSigned({
      name: "Early CA",
      isAuthority: true,
      notBefore: fromNow(dayMs),
      notAfter: fromNow(yearMs),
    });
    const tls = await createSelfSigned({ dnsNames: ["localhost"], signer: early });
    const findings = await checkWith(tls, { rootCa: early.cert });
    const text = /"CN=Early CA" and is valid today.*\(CERT_NOT_YET_VALID\): ZITADEL rejects both/;
    expectFinding(findings, "broken", "ldap/authority-expired", text);
  });

  test("finds an intermediate authority that expires soon, as for other servers", async () => {
    const root = await createSelfSigned({ name: "Root CA", isAuthority: true });
    const middle = await createSelfSigned({
      name: "Middle CA",
      isAuthority: true,
      signer: root,
      notAfter: fromNow(10 * dayMs),
    });
    const tls = await createSelfSigned({
      dnsNames: ["localhost"],
      signer: middle,
      notAfter: fromNow(yearMs),
    });
    const chain = { ...tls, cert: `${tls.cert}\n${middle.cert}` };
    const findings = await checkWith(chain, { rootCa: root.cert }, { withinMs: 20 * dayMs });
    const text = /"CN=Middle CA".* of the authority of localhost.*sign-in fails from then on/;
    expectFinding(findings, "expires", "ldap/certificate-expires", text);
  });

  test("reports at most notes for a root CA that another authority has signed", async () => {
    const root = await createSelfSigned({ name: "Root CA", isAuthority: true });
    const middle = await createSelfSigned({ name: "Middle CA", isAuthority: true, signer: root });
    const tls = await createSelfSigned({ dnsNames: ["localhost"], signer: middle });
    expect(listProblems(await checkWith(tls, { rootCa: middle.cert }))).toEqual([]);
    const chain = { ...tls, cert: `${tls.cert}\n${middle.cert}` };
    expect(listProblems(await checkWith(chain, { rootCa: root.cert }))).toEqual([]);
    const findings = await checkWith(tls, { rootCa: root.cert });
    expectFinding(findings, "broken", "ldap/root-ca-mismatch", /Middle CA.*Root CA/);
  });

  test("finds a root CA that expires soon", async () => {
    const findings = await check({}, { withinMs: dayMs });
    expectFinding(findings, "expires", "ldap/root-ca-expires", "Acme CA");
  });

  test("finds the certificate of a server in the place of the root CA", async () => {
    const findings = await check({ rootCa: certificate.cert });
    expectFinding(findings, "risk", "ldap/root-ca-not-authority", "CN=localhost");
    expect(listProblems(findings)).toEqual(["risk ldap/root-ca-not-authority"]);
  });

  test("never sends the password before the certificate is valid", async () => {
    const findings = await check({ rootCa: "", bindPassword: "wrong" });
    expect(listProblems(findings)).toEqual(["broken ldap/certificate-untrusted"]);
  });
});

describe("the bind account", () => {
  test("finds a wrong password, and does not repeat it", async () => {
    const findings = await check({ bindPassword: "tr0ub4dor" });
    expectFinding(findings, "broken", "ldap/bind-rejected", "rejects the bind account");
    expect(JSON.stringify(findings)).not.toContain("tr0ub4dor");
  });

  test.each<[string, string]>([
    ["52e", "the password is wrong"],
    ["532", "the password has expired"],
    ["533", "the account is disabled"],
    ["775", "the account is locked"],
  ])("reports the reason %s of Active Directory", async (code, reason) => {
    const diagnostic = `80090308: LdapErr: DSID-0C090569, comment: AcceptSecurityContext error, data ${code}, v4563`;
    await using server = await startRejectingServer(49, diagnostic);
    const findings = await check({ servers: [server.url], rootCa: "" });
    expectFinding(findings, "broken", "ldap/bind-rejected", reason);
  });

  test("finds an account that does not exist", async () => {
    const findings = await check({ bindDn: `cn=nobody,${baseDn}` });
    expectFinding(findings, "broken", "ldap/bind-rejected", "cn=nobody");
  });

  test("finds a name that is not a distinguished name", async () => {
    expectFinding(await check({ bindDn: "zitadel" }), "broken", "ldap/bind-rejected", "zitadel");
  });

  test("does not bind without probeSecrets", async () => {
    const findings = await check({ bindPassword: "wrong" }, { probeSecrets: false });
    expect(listProblems(findings)).toEqual([]);
    expectFinding(findings, "note", "ldap/bind-not-tried", "--probe-secrets");
  });

  test("finds a directory that shows nothing without a bind, as unchecked", async () => {
    await using server = await startSlapd({
      tls: certificate,
      entries: userEntry("carol"),
      databaseLines: ["access to * by anonymous auth by * none"],
    });
    const servers = [server.tlsUrl];
    const anonymous = await check({ servers }, { probeSecrets: false });
    expectFinding(anonymous, "unchecked", "ldap/directory-unchecked", "without the bind account");
    expect(listProblems(await check({ servers }))).toEqual([]);
  });

  test("does not send the password over a network without TLS", async () => {
    // To a server, this address is this machine. The doctor only knows that it is not a loopback address.
    const servers = [slapd.plainUrl.replace("localhost", "0.0.0.0")];
    const findings = await check({ servers, rootCa: "", bindPassword: "wrong" });
    expectFinding(findings, "unchecked", "ldap/bind-unchecked", "was not sent to 0.0.0.0");
    expect(listProblems(findings)).toEqual(["risk ldap/no-tls", "unchecked ldap/bind-unchecked"]);
  });

  test("finds an account that may see the base, but not search", async () => {
    await using server = await startSlapd({
      tls: certificate,
      entries: userEntry("carol", ["userPassword: secret"]),
      databaseLines: ["access to * by anonymous auth by * disclose"],
    });
    const bindDn = `uid=carol,ou=people,${baseDn}`;
    const findings = await check({ servers: [server.tlsUrl], bindDn, bindPassword: "secret" });
    expectFinding(findings, "broken", "ldap/search-denied", "may not search below");
  });

  test("finds a server that refuses searches, as unchecked", async () => {
    await using server = await startSlapd({
      tls: certificate,
      entries: userEntry("carol"),
      databaseLines: ["restrict search"],
    });
    const findings = await check({ servers: [server.tlsUrl] });
    expectFinding(findings, "unchecked", "ldap/search-failed", "restricted");
  });

  test("finds an account that may bind, but not search", async () => {
    await using server = await startSlapd({
      tls: certificate,
      entries: userEntry("carol", ["userPassword: secret"]),
      databaseLines: ["access to * by anonymous auth by * none"],
    });
    const bindDn = `uid=carol,ou=people,${baseDn}`;
    const findings = await check({ servers: [server.tlsUrl], bindDn, bindPassword: "secret" });
    expectFinding(findings, "broken", "ldap/base-dn-missing", "may not see it");
  });
});

describe("the directory", () => {
  test("finds a base that does not exist", async () => {
    const findings = await check({ baseDn: `ou=staff,${baseDn}` });
    expectFinding(findings, "broken", "ldap/base-dn-missing", "ou=staff");
  });

  test("finds a base of another directory", async () => {
    const findings = await check({ baseDn: "dc=other,dc=example" });
    expect(listProblems(findings)[0]).toMatch(/^broken ldap\/base-dn-/);
  });

  test("finds a base for which another server is responsible", async () => {
    await using server = await startSlapd({
      tls: certificate,
      entries: userEntry("carol"),
      lines: ["referral ldap://ldap.other.example"],
    });
    const findings = await check({ servers: [server.tlsUrl], baseDn: "dc=other,dc=example" });
    expectFinding(findings, "broken", "ldap/base-dn-referral", "refers to another server");
  });

  test("finds an object class that no entry has", async () => {
    const findings = await check({ userObjectClasses: ["inetOrgPerson", "posixAccount"] });
    expectFinding(findings, "broken", "ldap/object-class-unmatched", "posixAccount");
  });

  test("finds object classes that no entry has together", async () => {
    const findings = await check({ userObjectClasses: ["inetOrgPerson", "organizationalUnit"] });
    expectFinding(findings, "broken", "ldap/object-class-unmatched", "all of the object classes");
  });

  test("finds a filter that matches no user", async () => {
    const findings = await check({ userFilters: ["sAMAccountName"] });
    expectFinding(findings, "broken", "ldap/user-filter-unmatched", "sAMAccountName");
  });

  test.each<[string, Partial<LdapEntry>]>([
    ["(uid=%s)", { userFilters: ["(uid=%s)"] }],
    ["(objectClass=inetOrgPerson)", { userObjectClasses: ["(objectClass=inetOrgPerson)"] }],
  ])("finds the filter %s in the place of a name", async (_, changes) => {
    const findings = await check(changes);
    expectFinding(findings, "broken", "ldap/filter-invalid", "nobody can sign in");
    expect(listProblems(findings)).toEqual(["broken ldap/filter-invalid"]);
  });

  test("finds one of two filters that matches no user", async () => {
    const findings = await check({ userFilters: ["uid", "sAMAccountName"] });
    expectFinding(findings, "risk", "ldap/user-filter-unused", "sAMAccountName");
  });

  test("finds a filter that matches several users", async () => {
    const findings = await check({ userFilters: ["uid", "departmentNumber"] });
    expectFinding(findings, "risk", "ldap/user-filter-ambiguous", "1 user name in");
  });

  test("finds a user base that does not limit the search", async () => {
    const findings = await check({ userBase: `ou=people,${baseDn}` });
    expectFinding(findings, "note", "ldap/user-base-unused", "searches below baseDn");
  });

  test("reports a user filter as unchecked without a bind, because the server may hide entries", async () => {
    const findings = await check({ userFilters: ["sAMAccountName"] }, { probeSecrets: false });
    expectFinding(findings, "unchecked", "ldap/user-filter-unmatched", "may hide entries");
  });
});

describe("attributes", () => {
  const attributes = ldapAttributes();
  function ldapAttributes(): NonNullable<LdapEntry["attributes"]> {
    return {
      idAttribute: "uid",
      firstNameAttribute: "givenName",
      lastNameAttribute: "sn",
      emailAttribute: "mail",
    };
  }

  test("finds an empty id attribute", async () => {
    const findings = await check({ attributes: { emailAttribute: "mail" } });
    expectFinding(findings, "broken", "ldap/id-attribute-missing", "idAttribute is empty");
  });

  test("finds an id attribute that no user has", async () => {
    const findings = await check({ attributes: { ...attributes, idAttribute: "objectGUID" } });
    expectFinding(findings, "broken", "ldap/id-attribute-missing", "no user");
  });

  test("finds dn as the id, which is not an attribute", async () => {
    const findings = await check({ attributes: { ...attributes, idAttribute: "dn" } });
    const { fix } = expectFinding(findings, "broken", "ldap/id-attribute-missing", "no user");
    expect(fix).toContain("dn is not an attribute");
  });

  test("finds an id attribute that some users lack", async () => {
    const findings = await check({ attributes: { ...attributes, idAttribute: "telephoneNumber" } });
    expectFinding(findings, "risk", "ldap/id-attribute-missing", "1 of 2 users");
  });

  test("finds an id attribute that users share", async () => {
    const findings = await check({
      attributes: { ...attributes, idAttribute: "departmentNumber" },
    });
    expectFinding(
      findings,
      "risk",
      "ldap/id-attribute-ambiguous",
      "signs one of them in as the other",
    );
  });

  test("finds attributes in other upper and lower case", async () => {
    const findings = await check({
      attributes: { ...attributes, firstNameAttribute: "givenname" },
    });
    const { fix } = expectFinding(findings, "risk", "ldap/attribute-case", "givenName");
    expect(fix).toContain("givenName");
    const id = await check({ attributes: { ...attributes, idAttribute: "UID" } });
    expectFinding(id, "broken", "ldap/attribute-case", '"uid"');
  });

  test("finds an attribute that no user has", async () => {
    const findings = await check({ attributes: { ...attributes, emailAttribute: "email" } });
    expectFinding(findings, "risk", "ldap/attribute-missing", /"email", without which/);
  });

  test("finds a verified attribute that is neither TRUE nor FALSE", async () => {
    const changes = { attributes: { ...attributes, emailVerifiedAttribute: "employeeType" } };
    expectFinding(await check(changes), "risk", "ldap/verified-attribute-invalid", "1 of 2 users");
    const sn = { attributes: { ...attributes, emailVerifiedAttribute: "sn" } };
    expectFinding(await check(sn), "broken", "ldap/verified-attribute-invalid", "2 of 2 users");
  });
});

test("every check of LDAP providers is in the catalogue, and has a test", () => {
  const source = ["inspect-server", "check-ldap", "check-ldap-root-ca", "find-certificate-problem"]
    .concat(["bind-session", "find-directory-problems", "find-attribute-problems", "user-search"])
    .map((name) => new URL(`../../src/doctor/checks/ldap/${name}.ts`, import.meta.url))
    .map((url) => readFileSync(url, "utf8"))
    .join("\n");
  const reported = [...new Set(source.match(/(?<=")ldap\/[\w-]+(?=")/g))].toSorted();
  const listed = Object.keys(ldapChecks);
  expect(reported).toEqual(listed.toSorted());
  expect([...seenChecks].filter((name) => name.startsWith("ldap/")).toSorted()).toEqual(reported);
});
