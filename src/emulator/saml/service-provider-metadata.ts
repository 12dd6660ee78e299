import type { SAMLConfig } from "../../../gen/zitadel/idp_pb.js";

/** The period for which the metadata is valid. */
const validMs = 48 * 60 * 60 * 1000;

const encryptionMethods = ["aes128-cbc", "aes192-cbc", "aes256-cbc", "rsa-oaep-mgf1p"];

/** Creates the metadata of the service provider (SAML 2.0 metadata, section 2.4.4). */
export function writeServiceProviderMetadata(
  origin: string,
  id: string,
  { withSignedRequest, nameIdFormat }: SAMLConfig,
  certificate: string,
): string {
  const base = escapeXml(`${origin}/idps/${id}/saml`);
  const login = escapeXml(`${origin}/ui/login/login/externalidp/saml/acs`);
  const until = new Date(Date.now() + validMs).toISOString();
  const consumers = [`${base}/acs`, login].flatMap((location) =>
    ["HTTP-POST", "HTTP-Artifact"].map((binding) => ({ binding, location })),
  );
  return [
    `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" validUntil="${until}" entityID="${base}/metadata">`,
    `  <SPSSODescriptor validUntil="${until}" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" AuthnRequestsSigned="${withSignedRequest}" WantAssertionsSigned="true">`,
    ...writeKeyDescriptor("encryption", certificate),
    ...(withSignedRequest ? writeKeyDescriptor("signing", certificate) : []),
    `    <SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${base}/slo"></SingleLogoutService>`,
    `    <NameIDFormat>${nameIdFormats[nameIdFormat]}</NameIDFormat>`,
    ...consumers.map(
      ({ binding, location }, index) =>
        `    <AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}" Location="${location}" index="${index + 1}"></AssertionConsumerService>`,
    ),
    "  </SPSSODescriptor>",
    "</EntityDescriptor>",
  ].join("\n");
}

/** The URNs by enum number. */
const nameIdFormats: Readonly<Record<SAMLConfig["nameIdFormat"], string>> = {
  0: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
  1: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
  2: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
  3: "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
};

function writeKeyDescriptor(use: string, certificate: string): string[] {
  return [
    `    <KeyDescriptor use="${use}">`,
    '      <KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">',
    "        <X509Data>",
    `          <X509Certificate>${certificate}</X509Certificate>`,
    "        </X509Data>",
    "      </KeyInfo>",
    ...(use === "encryption"
      ? encryptionMethods.map(
          (name) =>
            `      <EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#${name}"></EncryptionMethod>`,
        )
      : []),
    "    </KeyDescriptor>",
  ];
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
