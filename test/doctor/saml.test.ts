import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { samlChecks } from "../../src/doctor/checks/saml/saml-checks.js";
import type { DiagnoseOptions, Finding } from "../../src/doctor/index.js";
import type { SettingsByType } from "../../src/providers/index.js";
import { createAuthority, type TestAuthority } from "../support/certificates.js";
import { findFreePorts } from "../support/ports.js";
import { diagnoseEntry, diagnoseOnServer } from "./support/diagnose-provider.js";
import { expectFinding, listProblems, seenChecks } from "./support/findings.js";
import {
  createMetadata,
  type MetadataParts,
  type SamlServer,
  startSamlServer,
} from "./support/saml-server.js";
import { certificatesByKey } from "./support/certificates-by-key.js";
import { createSelfSigned, dayMs, fromNow } from "./support/self-signed.js";

type SamlEntry = Omit<SettingsByType["saml"], "metadataXml" | "metadataUrl"> & {
  readonly metadataXml?: string;
  readonly metadataUrl?: string;
};

const persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
const transient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
const email = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

let authority: TestAuthority;
let server: SamlServer;
let certificate: string;
let usual: MetadataParts;
beforeAll(async () => {
  authority = await createAuthority();
  server = await startSamlServer(await authority.issue("localhost", fromNow(365 * dayMs)));
  certificate = (await createSelfSigned()).cert;
  usual = {
    signing: [certificate],
    signOn: { "HTTP-Redirect": `${server.url}/sso`, "HTTP-POST": `${server.url}/sso` },
  };
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

/** Returns the findings about a provider on the server with the usual metadata, except for some parts. */
async function check(
  parts: MetadataParts = {},
  changes: Partial<SamlEntry> = {},
  options: DiagnoseOptions = {},
): Promise<readonly Finding[]> {
  const metadataXml = createMetadata({ ...usual, ...parts });
  return await diagnoseOnServer(
    { type: "saml", name: "Acme", metadataXml, ...changes },
    { tls: { ca: authority.ca }, ...options },
  );
}

/** Returns the findings about a provider of a file, whose URL serves some metadata. */
async function checkUrl(
  body: string,
  { status = 200, metadataXml }: { readonly status?: number; readonly metadataXml?: string } = {},
): Promise<readonly Finding[]> {
  server.answers.set("/metadata", { status, body });
  const existing =
    metadataXml === undefined ? undefined : { type: "saml" as const, name: "Acme", metadataXml };
  return await checkEntry({ metadataUrl: `${server.url}/metadata` }, {}, existing);
}

async function checkEntry(
  changes: Partial<SamlEntry>,
  options: DiagnoseOptions = {},
  existing?: SamlEntry,
): Promise<readonly Finding[]> {
  return await diagnoseEntry(
    { type: "saml", name: "Acme", ...changes },
    { tls: { ca: authority.ca }, ...options },
    existing,
  );
}

/** Returns a certificate that is valid from and until some days from now. */
async function createCertificate(fromDays: number, toDays: number): Promise<string> {
  const { cert } = await createSelfSigned({
    notBefore: fromNow(fromDays * dayMs),
    notAfter: fromNow(toDays * dayMs),
  });
  return cert;
}

describe("a working SAML provider", () => {
  test.each<[string, MetadataParts, Partial<SamlEntry>]>([
    ["the default options", {}, {}],
    ["the redirect binding", {}, { binding: "redirect" }],
    ["the POST binding", {}, { binding: "post" }],
    [
      "signed requests with SHA-256",
      { wantsSigned: true },
      { withSignedRequest: true, signatureAlgorithm: "rsa-sha256" },
    ],
    [
      "the offered format of name ids",
      { nameIdFormats: [persistent, email] },
      { nameIdFormat: "email-address" },
    ],
    [
      "transient name ids and an attribute",
      { nameIdFormats: [transient] },
      { nameIdFormat: "transient", transientMappingAttributeName: "uid" },
    ],
    ["a cache duration", { cacheDuration: "PT6H" }, {}],
  ])("reports at most notes for metadata with %s", async (_, parts, changes) => {
    expect(listProblems(await check(parts, changes))).toEqual([]);
  });

  test("reports at most notes for federated logout with an endpoint", async () => {
    const logout = { "HTTP-Redirect": `${server.url}/slo` };
    expect(listProblems(await check({ logout }, { federatedLogoutEnabled: true }))).toEqual([]);
  });

  test("reports at most notes for a certificate that replaces another one in time", async () => {
    const signing = [await createCertificate(-300, 10), certificate];
    const findings = await check({ signing });
    expect(listProblems(findings)).toEqual([]);
    expectFinding(findings, "note", "saml/certificate-expires", "a later one already");
  });

  test("reports at most notes for metadata of a URL", async () => {
    expect(listProblems(await checkUrl(createMetadata(usual)))).toEqual([]);
    const other = createMetadata({ ...usual, validUntil: fromNow(300 * dayMs) });
    expect(listProblems(await checkUrl(other, { metadataXml: createMetadata(usual) }))).toEqual([]);
  });

  test("reports at most notes for the second entity of a list", async () => {
    const metadataXml = `<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"><EntityDescriptor entityID="sp"/>${createMetadata(usual)}</EntitiesDescriptor>`;
    expect(listProblems(await check({}, { metadataXml }))).toEqual([]);
  });
});

describe("certificates", () => {
  test("finds metadata without a signing certificate", async () => {
    const findings = await check({ signing: [], encryption: [certificate] });
    expectFinding(findings, "broken", "saml/signing-certificate-missing", "rejects every response");
  });

  test("finds a certificate that has expired", async () => {
    const findings = await check({ signing: [await createCertificate(-300, -1)] });
    const { expiresAt } = expectFinding(
      findings,
      "broken",
      "saml/certificate-expired",
      "expired on",
    );
    expect(Date.parse(expiresAt ?? "")).toBeLessThan(Date.now());
  });

  test("finds the expired one of two certificates", async () => {
    const findings = await check({ signing: [await createCertificate(-300, -1), certificate] });
    expectFinding(findings, "note", "saml/certificate-expired", "accepts another certificate");
  });

  test("finds a certificate that expires within the given time", async () => {
    const signing = [await createCertificate(-300, 10)];
    expectFinding(await check({ signing }), "expires", "saml/certificate-expires", "expires on");
    expect(listProblems(await check({ signing }, {}, { withinMs: dayMs }))).toEqual([]);
  });

  test("finds a certificate that is not valid yet", async () => {
    const findings = await check({ signing: [await createCertificate(1, 300)] });
    expectFinding(findings, "broken", "saml/certificate-not-yet-valid", "valid only from");
  });

  test("finds a certificate that cannot be read", async () => {
    const findings = await check({ signing: [certificate, "bm90IGEgY2VydGlmaWNhdGU="] });
    expectFinding(findings, "broken", "saml/certificate-unreadable", "1 of 2 signing certificates");
    const text = await check({ signing: ["***"] });
    expectFinding(text, "broken", "saml/certificate-unreadable", "1 of 1");
  });

  test("finds a short key", async () => {
    const { cert } = await createSelfSigned({ bits: 1024 });
    expectFinding(await check({ signing: [cert] }), "risk", "saml/certificate-weak", "1024 bits");
  });

  test("finds a certificate with SHA-1", async () => {
    const { cert } = await createSelfSigned({ hash: "SHA-1" });
    const findings = await check({ signing: [cert] });
    expectFinding(findings, "risk", "saml/certificate-weak", "sha1WithRSAEncryption");
  });

  test.each(["Ed25519", "DSA"] as const)("finds a key of the type %s", async (type) => {
    const alone = await check({ signing: [certificatesByKey[type]] });
    expectFinding(alone, "broken", "saml/key-unsupported", type.toLowerCase());
    const beside = await check({ signing: [certificate, certificatesByKey[type]] });
    expectFinding(beside, "risk", "saml/key-unsupported", type.toLowerCase());
  });

  test("finds a key on a curve that Go does not know", async () => {
    const findings = await check({ signing: [certificatesByKey.secp256k1] });
    expectFinding(findings, "broken", "saml/certificate-unreadable", "cannot be read");
  });

  test("reports at most notes for a key on P-256", async () => {
    expect(listProblems(await check({ signing: [certificatesByKey["P-256"]] }))).toEqual([]);
  });

  test("ignores certificates for encryption, which ZITADEL does not use", async () => {
    expect(listProblems(await check({ encryption: [await createCertificate(-300, -1)] }))).toEqual(
      [],
    );
  });
});

describe("metadata", () => {
  test("finds metadata that ZITADEL cannot read", async () => {
    const findings = await checkEntry({ metadataXml: "<html></html>" });
    expectFinding(findings, "broken", "saml/metadata-invalid", "HTML page");
  });

  test("finds metadata without an entity id", async () => {
    const findings = await check({ entityId: "" });
    expectFinding(findings, "broken", "saml/entity-id-missing", "rejects every response");
  });

  test("finds metadata whose validity has ended", async () => {
    const findings = await check({ validUntil: fromNow(-dayMs) });
    const { expiresAt } = expectFinding(findings, "expires", "saml/metadata-expires", "was valid");
    expect(Date.parse(expiresAt ?? "")).toBeLessThan(Date.now());
  });

  test("finds metadata whose validity ends soon", async () => {
    const findings = await check({ validUntil: fromNow(dayMs) });
    expectFinding(findings, "expires", "saml/metadata-expires", "is valid until");
  });

  test("finds a cache duration as a note", async () => {
    const findings = await check({ cacheDuration: "PT6H" });
    expectFinding(findings, "note", "saml/cache-duration", "PT6H");
  });

  test("finds a URL that serves another entity id", async () => {
    const body = createMetadata({ ...usual, entityId: "https://new.acme.example" });
    const findings = await checkUrl(body, { metadataXml: createMetadata(usual) });
    expectFinding(findings, "broken", "saml/metadata-outdated", "https://new.acme.example");
  });

  test("finds a URL that serves another certificate only", async () => {
    const body = createMetadata({ ...usual, signing: [await createCertificate(-1, 300)] });
    const findings = await checkUrl(body, { metadataXml: createMetadata(usual) });
    expectFinding(
      findings,
      "broken",
      "saml/metadata-outdated",
      "1 signing certificate is new, 1 signing certificate is gone",
    );
  });

  test("finds a URL that serves one more certificate", async () => {
    const signing = [certificate, await createCertificate(-1, 300)];
    const findings = await checkUrl(createMetadata({ ...usual, signing }), {
      metadataXml: createMetadata(usual),
    });
    expectFinding(findings, "risk", "saml/metadata-outdated", "1 signing certificate is new");
  });

  test("finds a URL that serves other endpoints", async () => {
    const body = createMetadata({ ...usual, signOn: { "HTTP-POST": `${server.url}/new` } });
    const findings = await checkUrl(body, { metadataXml: createMetadata(usual) });
    expectFinding(
      findings,
      "broken",
      "saml/metadata-outdated",
      "2 single sign-on endpoints are gone",
    );
  });

  test("finds a URL that serves the wish for signed requests", async () => {
    const body = createMetadata({ ...usual, wantsSigned: true });
    const findings = await checkUrl(body, { metadataXml: createMetadata(usual) });
    expectFinding(findings, "risk", "saml/metadata-outdated", "must be signed now");
  });

  test("finds a URL that does not exist", async () => {
    const findings = await checkUrl("", { status: 404 });
    expectFinding(findings, "broken", "saml/metadata-url-unusable", "status 404");
    const known = await checkUrl("", { status: 404, metadataXml: createMetadata(usual) });
    expectFinding(known, "risk", "saml/metadata-url-unusable", "the next update fails");
  });

  test("finds a URL that serves a page", async () => {
    const findings = await checkUrl("<!doctype html><html></html>");
    expectFinding(findings, "broken", "saml/metadata-url-unusable", "HTML page");
  });

  test("finds a URL without a server", async () => {
    const [port = 0] = await findFreePorts(1);
    const findings = await checkEntry({ metadataUrl: `https://localhost:${port}/metadata` });
    expectFinding(findings, "broken", "saml/metadata-url-unusable", "does not accept connections");
  });

  test("finds a URL without TLS", async () => {
    const [port = 0] = await findFreePorts(1);
    const metadataUrl = `http://localhost:${port}/metadata`;
    const findings = await checkEntry({ metadataUrl });
    expectFinding(findings, "risk", "saml/metadata-url-no-tls", "sign in as any user");
    const allowed = await checkEntry({ metadataUrl }, { allowPrivate: true });
    expect(listProblems(allowed)).toEqual(["broken saml/metadata-url-unusable"]);
  });
});

describe("endpoints", () => {
  test("finds a binding that the provider does not offer", async () => {
    const signOn = { "HTTP-POST": `${server.url}/sso` };
    const findings = await check({ signOn }, { binding: "redirect" });
    const { fix } = expectFinding(findings, "broken", "saml/binding-missing", "only for HTTP-POST");
    expect(fix).toContain("binding=post");
  });

  test("finds metadata without a sign-on endpoint", async () => {
    const findings = await check({ signOn: {} });
    expectFinding(findings, "broken", "saml/binding-missing", "no single sign-on endpoint");
  });

  test("finds the artifact binding", async () => {
    const findings = await check({}, { binding: "artifact" });
    expectFinding(findings, "broken", "saml/binding-unsupported", "fails before it begins");
  });

  test("finds an endpoint without a server", async () => {
    const [port = 0] = await findFreePorts(1);
    const findings = await check({ signOn: { "HTTP-POST": `https://localhost:${port}/sso` } });
    expectFinding(findings, "broken", "saml/endpoint-unreachable", "does not accept connections");
  });

  test("finds an endpoint whose certificate is not trusted", async () => {
    const other = await createAuthority();
    const findings = await check({}, {}, { tls: { ca: other.ca } });
    expectFinding(findings, "broken", "tls/unknown-authority", "the single sign-on endpoint");
  });

  test("finds an endpoint that no longer exists", async () => {
    const findings = await check({ signOn: { "HTTP-Redirect": `${server.url}/old` } });
    expectFinding(findings, "risk", "saml/endpoint-not-found", "status 404");
  });

  test("finds an endpoint without TLS", async () => {
    const signOn = { "HTTP-Redirect": `http://localhost:${new URL(server.url).port}/sso` };
    expectFinding(await check({ signOn }), "risk", "saml/endpoint-no-tls", "passwords");
  });

  test("finds federated logout without an endpoint", async () => {
    const findings = await check({}, { federatedLogoutEnabled: true });
    expectFinding(findings, "risk", "saml/logout-endpoint-missing", "stay signed in");
    const soap = { SOAP: `${server.url}/slo` };
    const other = await check({ logout: soap }, { federatedLogoutEnabled: true });
    expect(listProblems(other)).toEqual(["risk saml/logout-endpoint-missing"]);
  });
});

describe("options", () => {
  test("finds unsigned requests for a provider that wants them signed", async () => {
    const findings = await check({ wantsSigned: true });
    const { fix } = expectFinding(findings, "risk", "saml/requests-unsigned", "reject them");
    expect(fix).toContain("withSignedRequest=true");
  });

  test("finds signed requests that the provider does not ask for as a note", async () => {
    const findings = await check({}, { withSignedRequest: true, signatureAlgorithm: "rsa-sha512" });
    expectFinding(findings, "note", "saml/requests-signed", "does not ask for it");
    expect(listProblems(findings)).toEqual([]);
  });

  test("finds signatures with SHA-1", async () => {
    const changes = { withSignedRequest: true, signatureAlgorithm: "rsa-sha1" } as const;
    const findings = await check({ wantsSigned: true }, changes);
    const { fix } = expectFinding(findings, "risk", "saml/signature-weak", "RSA-SHA1");
    expect(fix).toContain("signatureAlgorithm=rsa-sha256");
    const unset = await check({ wantsSigned: true }, { withSignedRequest: true });
    expectFinding(unset, "note", "saml/signature-weak", "default algorithm");
  });

  test("finds a format of name ids that the provider does not offer", async () => {
    const findings = await check({ nameIdFormats: [email, transient] });
    const { fix } = expectFinding(
      findings,
      "risk",
      "saml/name-id-format",
      "email-address, transient",
    );
    expect(fix).toContain("nameIdFormat=email-address");
  });

  test("finds transient name ids without an attribute", async () => {
    const findings = await check({}, { nameIdFormat: "transient" });
    expectFinding(findings, "broken", "saml/transient-unmapped", "fails to sign users in");
  });
});

test("every check of SAML providers is in the catalogue, and has a test", () => {
  const source = ["check-saml", "check-saml-certificates", "check-saml-endpoints"]
    .concat(["check-saml-options", "load-published-metadata"])
    .map((name) => new URL(`../../src/doctor/checks/saml/${name}.ts`, import.meta.url))
    .map((url) => readFileSync(url, "utf8"))
    .join("\n");
  const reported = [...new Set(source.match(/(?<=")saml\/[\w-]+(?=")/g))].toSorted();
  const listed = Object.keys(samlChecks);
  expect(reported).toEqual(listed.toSorted());
  expect([...seenChecks].filter((name) => name.startsWith("saml/")).toSorted()).toEqual(reported);
});
