import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { hasCertificate } from "../../src/formats/x509-certificate.js";
import { isEcPrivateKey } from "../../src/formats/ec-private-key.js";
import { findMetadataProblem } from "../../src/formats/saml-metadata.js";
import { caCertificate as ca } from "../support/ca-certificate.js";
import { readRecording } from "../support/recordings.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const content = ca.replace(/-----.*-----\n/g, "");
const block = (label: string, base64: string): string =>
  `-----BEGIN ${label}-----\n${base64}\n-----END ${label}-----\n`;
const publicKey = block(
  "PUBLIC KEY",
  "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=",
);

// The expected values come from recordings, or from Go 1.26 and crewjam/saml 0.5, with which the readers also agree on 20,000
// damaged files.
describe("a root CA", () => {
  test.each<[string, string, boolean]>([
    ["one certificate", ca, true],
    ["two certificates", ca + ca, true],
    ["no PEM", "nothing", false],
    ["PEM on one line", ca.replaceAll("\n", ""), false],
    ["PEM with a byte order mark", `\ufeff${ca}`, false],
    ["PEM indented", ca.replace(/^(?=.)/gm, "  "), false],
    ["PEM with CRLF", ca.replaceAll("\n", "\r\n"), true],
    ["PEM after text", `subject: a\n${ca}`, true],
    ["PEM of a key", publicKey, false],
    ["a certificate after another block", publicKey + ca, true],
    ["a certificate after a damaged one", block("CERTIFICATE", "AAAA") + ca, true],
    ["a byte order mark on its own line", `\ufeff\n${ca}`, true],
    ["indented content", ca.replace(/^(?=M)/gm, "\t "), true],
    ["blanks after the lines", ca.replaceAll("\n", " \t\n"), true],
    ["content on one line", block("CERTIFICATE", content.replaceAll("\n", "")), true],
    ["no line end after END", ca.trimEnd(), true],
    ["text after END", `${ca.trimEnd()} x\n`, false],
    ["an indented END", ca.replace("-----END", " -----END"), false],
    ["another label at the end", ca.replace("END CERTIFICATE", "END X"), false],
    ["a lower-case label", ca.replaceAll("CERTIFICATE", "certificate"), false],
    ["the label of OpenSSL", ca.replaceAll("CERTIFICATE", "TRUSTED CERTIFICATE"), false],
    ["a header", ca.replace("-\nM", "-\na: b\n\nM"), false],
    ["base64 without its padding", ca.replace(/=+\n-/, "\n-"), !/=\n-/.test(ca)],
    ["a cut certificate", block("CERTIFICATE", content.slice(0, 64)), false],
    ["junk in a certificate", block("CERTIFICATE", btoa("junk")), false],
    ["a key as certificate", publicKey.replaceAll("PUBLIC KEY", "CERTIFICATE"), false],
    [
      "a certificate with more bytes after it",
      block("CERTIFICATE", `${content.trim()}AAAA`),
      false,
    ],
    ["an empty block", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", false],
    ["a second BEGIN before the first END", `-----BEGIN CERTIFICATE-----\n${ca}`, true],
    ["literal \\n", ca.replaceAll("\n", "\\n"), false],
  ])("with %s", (_, text, isAccepted) => {
    expect(hasCertificate(bytes(text))).toBe(isAccepted);
  });

  test("in DER is rejected", () => {
    expect(hasCertificate(Buffer.from(content, "base64"))).toBe(false);
  });
});

function key(curve: string, type: "pkcs8" | "sec1" = "pkcs8"): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: curve });
  return privateKey.export({ format: "pem", type }).toString();
}

describe("a private key", () => {
  const p256 = key("P-256");
  const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
  const parameters = block("EC PARAMETERS", "BggqhkjOPQMBBw==");
  test.each<[string, string, boolean]>([
    ["P-256", p256, true],
    ["P-384", key("P-384"), true],
    ["P-521", key("P-521"), true],
    ["secp256k1", key("secp256k1"), false],
    ["SEC 1", key("P-256", "sec1"), false],
    ["RSA", rsa.export({ format: "pem", type: "pkcs8" }).toString(), false],
    ["another block before the key", parameters + p256, false],
    ["another block after the key", p256 + parameters, true],
    ["text before the key", `Bag Attributes\n${p256}`, true],
    ["CRLF", p256.replaceAll("\n", "\r\n"), true],
    ["one line", p256.replaceAll("\n", " "), false],
    ["literal \\n", p256.replaceAll("\n", "\\n"), false],
    ["a byte order mark", `\ufeff${p256}`, false],
    ["indentation", p256.replace(/^(?=.)/gm, "  "), false],
    ["quotes", JSON.stringify(p256), false],
    ["the end cut off", p256.slice(0, -30), false],
    ["junk", block("PRIVATE KEY", btoa("junk")), false],
  ])("with %s", (_, text, isAccepted) => {
    expect(isEcPrivateKey(bytes(text))).toBe(isAccepted);
  });
});

const namespace = 'xmlns="urn:oasis:names:tc:SAML:2.0:metadata"';
const entity = `<EntityDescriptor ${namespace} entityID="e"><IDPSSODescriptor/></EntityDescriptor>`;
const within = (inner: string, attributes = ""): string =>
  `<EntityDescriptor ${namespace} entityID="e" ${attributes}>${inner}</EntityDescriptor>`;
const post = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
const service = (attributes: string): string =>
  within(`<IDPSSODescriptor><SingleSignOnService ${attributes}/></IDPSSODescriptor>`);

describe("SAML metadata", () => {
  test.each<[string, string, boolean]>([
    ["one entity", entity, true],
    ["nothing", "", false],
    ["a byte order mark", `\ufeff<?xml version="1.0"?>${entity}`, true],
    ["text before the root", `a ${entity}`, true],
    ["markup after the root", `${entity}</b>`, true],
    ["a repeated attribute", entity.replace("entityID", 'entityID="a" entityID'), true],
    ["an undeclared prefix", within("<x:a/>"), true],
    [
      "another prefix",
      entity.replace("xmlns", "xmlns:md").replaceAll(/<(\/?)(?=[EI])/g, "<$1md:"),
      true,
    ],
    ["a DOCTYPE with quotes", `<!DOCTYPE a [<!ENTITY b "c>">]>${entity}`, true],
    ["a comment", within("<!-- a - b -->"), true],
    ["-- in a comment", within("<!-- a -- b -->"), false],
    ["CDATA", within("<![CDATA[ < & ]]>"), true],
    ["]]> outside of CDATA", within("]]>"), false],
    ["references", within("&amp;&#252;&#xFC;&quot;"), true],
    ["an entity of HTML", within("&nbsp;"), false],
    ["a bare &", within("a & b"), false],
    ["a control character", within("&#1;"), false],
    ["XML 1.1", `<?xml version="1.1"?>${entity}`, false],
    ["another encoding", `<?xml version="1.0" encoding="ISO-8859-1"?>${entity}`, false],
    ["UTF-8 in capitals", `<?xml version="1.0" encoding="UTF-8"?>${entity}`, true],
    ["an open element", entity.replace("/>", ">"), false],
    ["the end cut off", entity.slice(0, -1), false],
    ["an attribute without quotes", entity.replace('"e"', "e"), false],
    ["another namespace", entity.replace("2.0", "1.0"), false],
    ["HTML", "<!doctype html><html><body><br></body></html>", false],
    ["an entity that is not an identity provider", within(""), true],
    [
      "several entities without an identity provider",
      `<EntitiesDescriptor ${namespace}>${within("")}</EntitiesDescriptor>`,
      false,
    ],
    [
      "several entities with one identity provider",
      `<EntitiesDescriptor ${namespace}>${within("")}${entity}</EntitiesDescriptor>`,
      true,
    ],
    ["validUntil", within("", 'validUntil="2030-01-01T00:00:00Z" cacheDuration="PT1H"'), true],
    ["a malformed validUntil", within("", 'validUntil="tomorrow"'), false],
    ["a day that does not exist", within("", 'validUntil="2030-02-30T00:00:00Z"'), false],
    ["a malformed cacheDuration", within("", 'cacheDuration="1 hour"'), false],
    ["a malformed boolean", within('<IDPSSODescriptor WantAuthnRequestsSigned="yes"/>'), false],
    ["a location", service(`Binding="${post}" Location="https://a.example/sso"`), true],
    ["a relative location", service(`Binding="${post}" Location="/sso"`), false],
    ["no location", service(`Binding="${post}"`), false],
    ["a location of another binding", service('Binding="urn:x" Location="/sso"'), true],
  ])("with %s", (_, text, isAccepted) => {
    expect(findMetadataProblem(bytes(text)) === undefined, findMetadataProblem(bytes(text))).toBe(
      isAccepted,
    );
  });

  test.each<[string, Uint8Array]>([
    ["Latin-1", Buffer.from(within("é"), "latin1")],
    ["UTF-16", Buffer.from(`\ufeff${entity}`, "utf16le")],
  ])("in %s is rejected", (_, encoded) => {
    expect(findMetadataProblem(encoded)).toContain("not UTF-8");
  });

  test("of 100 KB is read in linear time", () => {
    // With quadratic time, this would take minutes.
    for (const filler of [
      "<a>",
      "<a b='c'",
      "&amp;",
      "<!--",
      "<![CDATA[",
      "]]",
      "<!DOCTYPE '",
      "x:",
    ]) {
      const started = performance.now();
      findMetadataProblem(bytes(within(filler.repeat(100_000 / filler.length))));
      expect(performance.now() - started, filler).toBeLessThan(5000);
    }
  });
});

/** The ids of the errors with which the server rejects the value itself. */
const refusals = /SF3rwhgh|SFqqh42|dsfj3kl2|3bi3esi16t|Fk38d|eWSDf|cwqVVdBwKt/;
const readers: Readonly<Record<string, (value: Uint8Array) => boolean>> = {
  metadataXml: (value) => findMetadataProblem(value) === undefined,
  privateKey: isEcPrivateKey,
  rootCa: (value) => value.length === 0 || hasCertificate(value),
};

test.each([
  "template-apple-org",
  "template-ldap-org",
  "template-ldap-instance",
  "template-saml-org",
  "template-saml-instance",
  "validation-ldap-org",
  "validation-others",
])("each value of the recording %s is accepted or rejected like on the server", (name) => {
  const { steps, expected } = readRecording(name);
  let compared = 0;
  steps.forEach(({ name: step, request }, index) => {
    const [outcome] = Object.values(expected[index] ?? {});
    const isRefused = refusals.test(JSON.stringify(outcome));
    for (const [field, isAccepted] of Object.entries(readers)) {
      const value = request[field];
      if (typeof value === "string" && (isRefused || (outcome !== undefined && "ok" in outcome))) {
        expect(isAccepted(Buffer.from(value, "base64")), step).toBe(!isRefused);
        compared++;
      }
    }
  });
  expect(compared).toBeGreaterThan(0);
});
