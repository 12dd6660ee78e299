import { X509Certificate } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { createSelfSignedCertificate } from "../../src/emulator/saml/self-signed-certificate.js";
import { hasCertificate } from "../../src/formats/x509-certificate.js";

let keys: CryptoKeyPair;
beforeAll(async () => {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    publicExponent: Uint8Array.of(1, 0, 1),
    modulusLength: 2048,
  };
  keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
});

test("a self-signed certificate has ZITADEL's name, a valid signature and a year to live", async () => {
  const der = await createSelfSignedCertificate(keys);
  const certificate = new X509Certificate(der);
  expect(certificate.subject).toBe("O=ZITADEL");
  expect(certificate.issuer).toBe("O=ZITADEL");
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.publicKey.export({ type: "spki", format: "der" })).toEqual(
    Buffer.from(await crypto.subtle.exportKey("spki", keys.publicKey)),
  );
  const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  expect(Math.abs(Date.now() - from)).toBeLessThan(60_000);
  expect(to - from).toBe(365 * 24 * 60 * 60 * 1000);
  const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString("base64")}\n-----END CERTIFICATE-----\n`;
  expect(hasCertificate(Buffer.from(pem))).toBe(true);
});

test("each certificate has its own positive serial number of 16 bytes", async () => {
  const ders = await Promise.all(
    Array.from({ length: 20 }, () => createSelfSignedCertificate(keys)),
  );
  const serials = ders.map((der) => new X509Certificate(der).serialNumber);
  expect(new Set(serials).size).toBe(20);
  expect(serials.filter((serial) => !/^[4-7][0-9A-F]{31}$/.test(serial))).toEqual([]);
});
