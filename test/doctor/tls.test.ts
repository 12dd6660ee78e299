import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tlsChecks } from "../../src/doctor/checks/tls/tls-checks.js";
import type { DiagnoseOptions, Finding } from "../../src/doctor/index.js";
import type { ProviderSettings } from "../../src/providers/index.js";
import type { KeyAndCertificate } from "../support/certificates.js";
import {
  aboveNotes,
  type CheckedEmulator,
  startCheckedEmulator,
} from "./support/checked-emulator.js";
import { diagnoseEntry } from "./support/diagnose-provider.js";
import { expectFinding, listProblems } from "./support/findings.js";
import { startIssuerServer } from "./support/issuer-server.js";
import { startPublicHosts } from "./support/public-hosts.js";
import { createMetadata, startSamlServer } from "./support/saml-server.js";
import {
  type CreatedCertificate,
  createSelfSigned,
  dayMs,
  fromNow,
} from "./support/self-signed.js";

let emulator: CheckedEmulator;
let root: CreatedCertificate;
let middle: CreatedCertificate;
beforeAll(async () => {
  emulator = await startCheckedEmulator();
  root = await createSelfSigned({ name: "Acme Root CA", isAuthority: true });
  middle = await createSelfSigned({ name: "Acme CA 2", isAuthority: true, signer: root });
});
afterAll(() => emulator[Symbol.asyncDispose]());

const reported = new Set<string>();
const monthMs = 30 * dayMs;
const trustingRoot = (): DiagnoseOptions => ({ tls: { ca: root.cert } });

/** Returns the findings about an OIDC provider whose server has this certificate. */
async function check(
  tls: KeyAndCertificate,
  options: DiagnoseOptions = {},
): Promise<readonly Finding[]> {
  await using issuer = await startIssuerServer({ tls });
  const settings: ProviderSettings = {
    type: "oidc",
    name: "Acme",
    issuer: issuer.issuer,
    clientId: "zitadel",
    clientSecret: "secret-of-the-client",
  };
  const found = await emulator.check(settings, { withinMs: monthMs, ...options });
  found.forEach((each) => reported.add(each.check));
  return found;
}

const issue = (options: Parameters<typeof createSelfSigned>[0]): Promise<CreatedCertificate> =>
  createSelfSigned({ dnsNames: ["localhost"], name: "localhost", signer: root, ...options });

/** Returns a certificate with the chain that a server should send. */
const withChain = (leaf: CreatedCertificate, ...above: readonly CreatedCertificate[]) => ({
  key: leaf.key,
  cert: [leaf, ...above].map(({ cert }) => cert).join("\n"),
});

describe("the certificate of a server with HTTPS", () => {
  test("reports at most notes for a certificate of a private authority with --ca-file", async () => {
    expect(aboveNotes(await check(await issue({}), trustingRoot()))).toEqual([]);
    const leaf = await issue({ signer: middle });
    expect(aboveNotes(await check(withChain(leaf, middle), trustingRoot()))).toEqual([]);
  });

  test("reports at most notes for a certificate that signs itself and is trusted", async () => {
    const tls = await createSelfSigned({ name: "localhost", dnsNames: ["localhost"] });
    expect(aboveNotes(await check(tls, { tls: { ca: tls.cert } }))).toEqual([]);
  });

  test("is reported if it expires soon, with the date", async () => {
    const notAfter = fromNow(10 * dayMs);
    const found = await check(await issue({ notAfter }), trustingRoot());
    expect(aboveNotes(found)).toEqual(["expires tls/certificate-expires"]);
    expect(Date.parse(found[0]?.expiresAt ?? "")).toBeCloseTo(notAfter.getTime(), -4);
  });

  test("is reported if the authority that signed it expires soon", async () => {
    const notAfter = fromNow(10 * dayMs);
    const old = await createSelfSigned({ name: "Old", isAuthority: true, signer: root, notAfter });
    const leaf = await issue({ signer: old });
    const found = await check(withChain(leaf, old), trustingRoot());
    expectFinding(found, "expires", "tls/certificate-expires", /"CN=Old".* of the authority of/);
  });

  test.each<[string, string, RegExp, () => Promise<KeyAndCertificate>]>([
    [
      "that has expired",
      "broken tls/certificate-expired",
      /expired on 20/,
      () => issue({ notBefore: fromNow(-2 * dayMs), notAfter: fromNow(-dayMs) }),
    ],
    [
      "that is valid from tomorrow",
      "broken tls/certificate-not-yet-valid",
      /is not valid before 20/,
      () => issue({ notBefore: fromNow(dayMs) }),
    ],
    [
      "for another name",
      "broken tls/certificate-name",
      /is for DNS:sso.acme.example, not for localhost/,
      () => issue({ dnsNames: ["sso.acme.example"] }),
    ],
    [
      "with a common name only, which Node.js accepts and ZITADEL does not",
      "broken tls/certificate-name",
      /has no subject alternative names/,
      () => issue({ dnsNames: [] }),
    ],
    [
      "with a key of 1024 bits",
      "risk tls/certificate-weak",
      /RSA key of only 1024 bits/,
      () => issue({ bits: 1024 }),
    ],
    [
      "of an authority that has expired",
      "broken tls/authority-expired",
      /an authority above it is not/,
      async () => {
        const dates = { notBefore: fromNow(-2 * dayMs), notAfter: fromNow(-dayMs) };
        const signer = { name: "Old", isAuthority: true, signer: root, ...dates };
        const old = await createSelfSigned(signer);
        return withChain(await issue({ signer: old }), old);
      },
    ],
    [
      "without the intermediate one, which its authority names",
      "broken tls/chain-incomplete",
      /does not send the intermediate certificate "CN=Acme CA 2"/,
      () => issue({ signer: middle, issuerUrl: "http://pki.acme.example/2.crt" }),
    ],
    [
      "without the intermediate one, with the name of such an authority",
      "broken tls/chain-incomplete",
      /does not send the intermediate certificate "CN=Acme Issuing CA"/,
      async () => {
        const named = { name: "Acme Issuing CA", isAuthority: true, signer: root };
        return await issue({ signer: await createSelfSigned(named) });
      },
    ],
    [
      "of an authority that --ca-file lacks",
      "broken tls/unknown-authority",
      /which --ca-file does not have .*intermediate authority/,
      () => issue({ signer: middle }),
    ],
  ])("finds a certificate %s", async (_, expected, message, create) => {
    const found = await check(await create(), trustingRoot());
    expect(aboveNotes(found)).toEqual([expected]);
    expect(found.find(({ check: name }) => name.startsWith("tls/"))?.message).toMatch(message);
  });

  test("finds a private authority, as unchecked: the machine of ZITADEL may trust it", async () => {
    const found = await check(await issue({}));
    expect(aboveNotes(found)).toEqual(["unchecked tls/unknown-authority"]);
    expect(found[0]).toMatchObject({
      message: expect.stringContaining('signed by the authority "CN=Acme Root CA"'),
      fix: expect.stringMatching(/^ZITADEL must trust this CA too.*if it does, pass --ca-file/),
    });
    const sent = await check(withChain(await issue({ signer: middle }), middle, root));
    expect(aboveNotes(sent)).toEqual(["unchecked tls/unknown-authority"]);
  });

  test("finds a certificate that signs itself, as unchecked", async () => {
    const tls = await createSelfSigned({ name: "localhost", dnsNames: ["localhost"] });
    const found = await check(tls);
    expect(aboveNotes(found)).toEqual(["unchecked tls/self-signed"]);
    expect(found[0]?.message).toContain("is signed by itself (self-signed)");
  });

  test("is read through a forward proxy, and at each endpoint on another host", async () => {
    const notAfter = fromNow(5 * dayMs);
    const hosts = ["sso.acme.example", "api.acme.example"] as const;
    const [sso, api] = await Promise.all(
      hosts.map((name) => issue({ dnsNames: [name], ...(name === hosts[1] && { notAfter }) })),
    );
    await using endpoint = await startIssuerServer({ tls: api, issuer: `https://${hosts[1]}` });
    await using issuer = await startIssuerServer({
      tls: sso,
      issuer: `https://${hosts[0]}`,
      metadata: () => ({ token_endpoint: `https://${hosts[1]}/token` }),
    });
    await using proxy = await startPublicHosts({
      [hosts[0]]: issuer.port,
      [hosts[1]]: endpoint.port,
    });
    const found = await emulator.check(
      {
        type: "oidc",
        name: "Acme",
        issuer: issuer.issuer,
        clientId: "zitadel",
        clientSecret: "secret-of-the-client",
      },
      { ...trustingRoot(), proxy: proxy.proxy, withinMs: monthMs },
    );
    expect(aboveNotes(found)).toEqual(["expires tls/certificate-expires"]);
    expect(found[0]?.message).toMatch(/of api\.acme\.example expires on/);
  });

  test("is read at the endpoints of OAuth, and at the keys of JWT", async () => {
    const tls = await issue({ notAfter: fromNow(3 * dayMs) });
    await using server = await startIssuerServer({ tls });
    const { issuer } = server;
    const oauth = await diagnoseEntry(
      {
        type: "oauth",
        name: "Acme",
        clientId: "zitadel",
        authorizationEndpoint: `${issuer}/authorize`,
        tokenEndpoint: `${issuer}/token`,
        userEndpoint: `${issuer}/userinfo`,
        idAttribute: "sub",
      },
      trustingRoot(),
    );
    const onlyOne = oauth.filter(({ check: name }) => name === "tls/certificate-expires");
    expect(onlyOne.map(({ field }) => field)).toEqual(["authorizationEndpoint"]);
    const jwt = await diagnoseEntry(
      {
        type: "jwt",
        name: "Acme",
        issuer,
        jwtEndpoint: `${issuer}/authorize`,
        keysEndpoint: `${issuer}/keys`,
        headerName: "x-token",
      },
      trustingRoot(),
    );
    expect(expectFinding(jwt, "expires", "tls/certificate-expires", "expires on").field).toBe(
      "keysEndpoint",
    );
  });

  test("is read at the sign-on page of SAML", async () => {
    await using server = await startSamlServer(await issue({ notAfter: fromNow(3 * dayMs) }));
    const metadataXml = createMetadata({
      signing: [root.cert],
      signOn: { "HTTP-Redirect": `${server.url}/sso` },
    });
    const found = await diagnoseEntry({ type: "saml", name: "Acme", metadataXml }, trustingRoot());
    expect(listProblems(found)).toContain("expires tls/certificate-expires");
    const untrusted = await diagnoseEntry({ type: "saml", name: "Acme", metadataXml });
    expect(listProblems(untrusted)).toContain("unchecked tls/unknown-authority");
  });
});

test("the catalogue has each check of the topic, and tests find each of them", () => {
  const names = [...reported].filter((name) => name.startsWith("tls/"));
  expect(names.toSorted()).toEqual(Object.keys(tlsChecks).toSorted());
});
