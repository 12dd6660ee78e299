import type { SAMLConfig } from "../../../gen/zitadel/idp_pb.js";
import type { EmulatorState } from "../store/emulator-state.js";
import type { EndpointHandler, WireRequest, WireResponse } from "../wire/http-message.js";
import { createPlainTextResponse } from "../wire/plain-text-response.js";
import { readRequestedOrigin, rejectUnknownHost } from "../wire/requested-host.js";

/**
 * Serves the documents that an administrator passes to a SAML identity provider: the metadata of ZITADEL as the service provider,
 * and the certificate in PEM.
 *
 * Both documents are public. As on the real server, the HTTP method is not checked.
 */
export function createSamlEndpoints(state: EmulatorState): EndpointHandler {
  return (request) => {
    const [path = ""] = request.target.split("?", 1);
    const [, id = "", document = ""] =
      /^\/idps\/(\d+)\/saml\/(metadata|certificate)$/.exec(path) ?? [];
    return id === "" ? undefined : serveDocument(state, id, document, request);
  };
}

async function serveDocument(
  state: EmulatorState,
  id: string,
  document: string,
  request: WireRequest,
): Promise<WireResponse> {
  const rejection = rejectUnknownHost(state, request);
  if (rejection !== undefined) {
    return rejection;
  }
  await state.ready;
  const provider = [state.instance, ...state.organizations.values()]
    .map(({ providers }) => providers.get(id))
    .find((each) => each !== undefined);
  if (provider === undefined) {
    return createPlainTextResponse(400, "Errors.IDPConfig.NotExisting\n");
  }
  const options = provider.view.config?.config;
  if (options?.case !== "saml" || provider.certificate === undefined) {
    return createPlainTextResponse(400, "ID=SAML-lrud8s9coi Message=Errors.Intent.IDPInvalid\n");
  }
  const certificate = await provider.certificate();
  return document === "certificate"
    ? {
        status: 200,
        headers: [["content-disposition", "attachment; filename=idp.crt"]],
        body: new TextEncoder().encode(encodeCertificatePem(certificate)),
      }
    : {
        status: 200,
        headers: [["content-type", "application/samlmetadata+xml"]],
        body: new TextEncoder().encode(
          writeMetadata(readRequestedOrigin(request), id, options.value, certificate),
        ),
      };
}

/** The period for which the metadata are valid. */
const validMs = 48 * 60 * 60 * 1000;

const encryptionMethods = ["aes128-cbc", "aes192-cbc", "aes256-cbc", "rsa-oaep-mgf1p"];

/** Creates the metadata of the service provider (SAML 2.0 metadata, section 2.4.4). */
function writeMetadata(
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

function encodeCertificatePem(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
