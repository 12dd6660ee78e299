import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isEcPrivateKey } from "../../src/formats/ec-private-key.js";
import { parseGoUrl } from "../../src/formats/parse-go-url.js";
import { readPemBlocks } from "../../src/formats/pem-blocks.js";
import { findMetadataProblem } from "../../src/formats/saml-metadata.js";
import { hasCertificate } from "../../src/formats/x509-certificate.js";

interface Verdicts {
  accepted: string[];
  rejected: string[];
}

/**
 * Random and damaged inputs with the verdicts of Go 1.26 and crewjam/saml 0.5: `url.Parse` and the check of ZITADEL for redirect
 * URIs, `xml.Unmarshal` for metadata, `AppendCertsFromPEM` for root CAs, `ParsePKCS8PrivateKey` for the base64 of private keys, and
 * `pem.Decode` for PEM.
 */
const verdicts = JSON.parse(
  readFileSync(new URL("go-verdicts.json", import.meta.url), "utf8"),
) as Record<"redirectUris" | "metadata" | "rootCas" | "privateKeys", Verdicts> & {
  pem: [text: string, blocks: { label: string; hasHeaders: boolean; content: string }[]][];
};

const isAbsolute = (text: string): boolean => {
  const url = parseGoUrl(text);
  return (
    url !== undefined &&
    url.scheme !== "" &&
    (url.host !== "" || !["http", "https"].includes(url.scheme))
  );
};

test.each<[name: string, verdicts: Verdicts, isAccepted: (text: string) => boolean, count: number]>(
  [
    ["redirect URIs", verdicts.redirectUris, isAbsolute, 2000],
    [
      "SAML metadata",
      verdicts.metadata,
      (text) => findMetadataProblem(Buffer.from(text)) === undefined,
      250,
    ],
    ["root CAs", verdicts.rootCas, (text) => hasCertificate(Buffer.from(text, "latin1")), 60],
    [
      "private keys",
      verdicts.privateKeys,
      (text) => isEcPrivateKey(Buffer.from(text, "base64")),
      60,
    ],
  ],
)("%s are accepted and rejected as by Go", (_, { accepted, rejected }, isAccepted, count) => {
  expect(accepted.filter((text) => !isAccepted(text))).toEqual([]);
  expect(rejected.filter((text) => isAccepted(text))).toEqual([]);
  expect(accepted.length + rejected.length).toBeGreaterThanOrEqual(count);
});

test("PEM has the blocks that Go finds", () => {
  for (const [text, blocks] of verdicts.pem) {
    const found = [...readPemBlocks(Buffer.from(text, "latin1"))];
    expect(
      found.map(({ label, headers, content }) => ({
        label,
        hasHeaders: headers > 0,
        content: Buffer.from(content).toString("hex"),
      })),
      JSON.stringify(text),
    ).toEqual(blocks);
  }
  expect(verdicts.pem.length).toBe(300);
});

test.each([
  ["bytes that are not UTF-8 in a comment", "<!-- \xff -->", true],
  ["bytes that are not UTF-8 in a text", "\xff", false],
  ["bytes that are not UTF-8 in an instruction", "<?a \xff?>", true],
])("SAML metadata with %s", (_, inner, isAccepted) => {
  const text = `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">${inner}</EntityDescriptor>`;
  expect(findMetadataProblem(Buffer.from(text, "latin1")) === undefined).toBe(isAccepted);
});
