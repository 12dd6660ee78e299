import { X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { listProviderCertificates } from "../../src/doctor/certificates/list-provider-certificates.js";
import { readCertificates } from "../../src/doctor/certificates/read-certificates.js";
import { compareSamlEntities } from "../../src/formats/compare-saml-entities.js";
import { readSamlEntity, type SamlEntity } from "../../src/formats/saml-entity.js";
import { caCertificate } from "../support/ca-certificate.js";
import { createMetadata } from "./support/saml-server.js";
import { createSelfSigned, fromNow, dayMs } from "./support/self-signed.js";

const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const readEntity = (xml: string): SamlEntity | undefined => readSamlEntity(toBytes(xml));

let rsa: string;
beforeAll(async () => {
  rsa = (await createSelfSigned({ name: "idp.acme.example", hash: "SHA-1", bits: 1024 })).cert;
});

describe("readCertificates", () => {
  test("reads the facts of an RSA certificate", () => {
    const [certificate] = readCertificates(toBytes(rsa));
    expect(certificate).toMatchObject({
      subject: "CN=idp.acme.example",
      issuer: "CN=idp.acme.example",
      keyType: "rsa",
      keyBits: 1024,
      signatureAlgorithm: "sha1WithRSAEncryption",
      isAuthority: false,
      fingerprint: new X509Certificate(rsa).fingerprint256,
    });
    expect(certificate?.validTo.getTime()).toBeGreaterThan(fromNow(364 * dayMs).getTime());
  });

  test("reads the facts of an authority with an elliptic curve", () => {
    expect(readCertificates(toBytes(caCertificate))).toMatchObject([
      {
        keyType: "ec",
        keyBits: undefined,
        signatureAlgorithm: "ecdsa-with-SHA256",
        isAuthority: true,
      },
    ]);
  });

  test.each<[string, () => Uint8Array, number]>([
    ["two certificates in PEM", () => toBytes(`${rsa}\n${caCertificate}`), 2],
    ["DER", () => new X509Certificate(rsa).raw, 1],
    ["base64 of DER", () => toBytes(new X509Certificate(rsa).raw.toString("base64")), 1],
    ["a damaged block after a certificate", () => toBytes(`${rsa}\n${rsa.slice(0, 200)}`), 1],
    ["another text", () => toBytes("MIscellaneous"), 0],
    ["nothing", () => new Uint8Array(), 0],
  ])("reads %s", (_, read, count) => {
    expect(readCertificates(read())).toHaveLength(count);
  });
});

test("listProviderCertificates lists those of SAML metadata and LDAP providers with their use", () => {
  const metadataXml = createMetadata({ signing: [rsa], encryption: [caCertificate] });
  const list = (
    type: "saml" | "ldap" | "oidc",
    fields: Readonly<Record<string, string>>,
  ): string[] =>
    listProviderCertificates({ type, fields }).map(
      ({ field, use, certificate }) => `${field} ${use} ${certificate.subject}`,
    );
  expect(list("saml", { metadataXml })).toEqual([
    "metadataXml signing CN=idp.acme.example",
    "metadataXml encryption CN=ca-0.example.test",
  ]);
  expect(list("ldap", { rootCa: caCertificate })).toEqual([
    "rootCa authority CN=ca-0.example.test",
  ]);
  expect(list("ldap", { rootCa: "" })).toEqual([]);
  expect(list("oidc", {})).toEqual([]);
});

describe("readSamlEntity", () => {
  const role = (content: string, attributes = ""): string =>
    `<m:EntityDescriptor xmlns:m="urn:oasis:names:tc:SAML:2.0:metadata" entityID="a&amp;b" ${attributes}><m:IDPSSODescriptor>${content}</m:IDPSSODescriptor></m:EntityDescriptor>`;
  const key = (use: string, text: string): string =>
    `<m:KeyDescriptor ${use}><KeyInfo><X509Data><X509Certificate>${text}</X509Certificate></X509Data></KeyInfo></m:KeyDescriptor>`;

  test("reads certificates through white space, comments and CDATA, with their use", () => {
    const content =
      key("", " AB\n CD<!-- no -->== ") + key('use="signing"', "<![CDATA[EF]]>&#71;H");
    expect(readEntity(role(content))).toMatchObject({
      entityId: "a&b",
      certificates: [
        { use: "both", base64: "ABCD==" },
        { use: "signing", base64: "EFGH" },
      ],
    });
  });

  test("leaves out keys for another use, as crewjam/saml does", () => {
    expect(readEntity(role(key('use="other"', "AB")))?.certificates).toEqual([]);
  });

  test.each<[string, string, string | undefined]>([
    ["the entity", 'validUntil="2030-01-01T00:00:00Z"', "2030-01-01T00:00:00.000Z"],
    [
      "the entity, without a zone",
      'validUntil="2030-01-01T00:00:00.5"',
      "2030-01-01T00:00:00.500Z",
    ],
    ["nothing", "", undefined],
  ])("reads the end of the validity of %s", (_, attributes, expected) => {
    expect(readEntity(role("", attributes))?.validUntil?.toISOString()).toBe(expected);
  });

  test("reads the earliest end of the validity", () => {
    const inner = role("").replace("<m:IDPSSODescriptor", '$& validUntil="2029-01-01T00:00:00Z"');
    const list = `<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" validUntil="2028-01-01T00:00:00Z">${inner}</EntitiesDescriptor>`;
    expect(readEntity(inner)?.validUntil?.getUTCFullYear()).toBe(2029);
    expect(readEntity(list)?.validUntil?.getUTCFullYear()).toBe(2028);
  });

  test("rejects what ZITADEL rejects", () => {
    expect(readEntity("<html/>")).toBeUndefined();
    expect(readEntity("<EntityDescriptor>")).toBeUndefined();
  });
});

test("compareSamlEntities ignores the order of elements and the dates", () => {
  const signing = [rsa, caCertificate];
  const signOn = { "HTTP-POST": "https://a.example/1", "HTTP-Redirect": "https://a.example/2" };
  const before = readEntity(createMetadata({ signing, signOn })) as SamlEntity;
  const after = readEntity(
    createMetadata({ signing: signing.toReversed(), signOn, validUntil: new Date() }),
  ) as SamlEntity;
  expect(compareSamlEntities(before, after)).toEqual([]);
});
