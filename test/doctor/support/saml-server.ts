import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { KeyAndCertificate } from "../../support/certificates.js";

/** The parts of SAML metadata that tests change. */
export interface MetadataParts {
  readonly entityId?: string;
  /** The certificates in PEM, or as they are. */
  readonly signing?: readonly string[];
  readonly encryption?: readonly string[];
  /** The certificates of keys without a use, which are for both. */
  readonly both?: readonly string[];
  readonly wantsSigned?: boolean;
  readonly nameIdFormats?: readonly string[];
  /** The locations by the short name of the binding. */
  readonly signOn?: Readonly<Record<string, string>>;
  readonly logout?: Readonly<Record<string, string>>;
  readonly validUntil?: Date;
  readonly cacheDuration?: string;
}

const bindings = "urn:oasis:names:tc:SAML:2.0:bindings:";

/** Returns the metadata of an identity provider. */
export function createMetadata(parts: MetadataParts): string {
  const { entityId = "https://idp.acme.example", nameIdFormats = [], wantsSigned = false } = parts;
  const { signing = [], encryption = [], both = [], signOn = {}, logout = {} } = parts;
  const endpoints = (element: string, locations: Readonly<Record<string, string>>): string[] =>
    Object.entries(locations).map(
      ([binding, location]) =>
        `<${element} Binding="${bindings}${binding}" Location="${location}"/>`,
    );
  const attributes = [
    `entityID="${entityId}"`,
    ...(parts.validUntil === undefined ? [] : [`validUntil="${parts.validUntil.toISOString()}"`]),
    ...(parts.cacheDuration === undefined ? [] : [`cacheDuration="${parts.cacheDuration}"`]),
  ];
  return [
    `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" ${attributes.join(" ")}>`,
    `<IDPSSODescriptor WantAuthnRequestsSigned="${wantsSigned}" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">`,
    ...signing.map((each) => createKey("signing", each)),
    ...encryption.map((each) => createKey("encryption", each)),
    ...both.map((each) => createKey(undefined, each)),
    ...endpoints("SingleLogoutService", logout),
    ...nameIdFormats.map((each) => `<NameIDFormat>${each}</NameIDFormat>`),
    ...endpoints("SingleSignOnService", signOn),
    "</IDPSSODescriptor>",
    "</EntityDescriptor>",
  ].join("\n");
}

function createKey(use: string | undefined, certificate: string): string {
  const base64 = certificate.replace(/-----[A-Z ]+-----/g, "");
  return `<KeyDescriptor${use === undefined ? "" : ` use="${use}"`}><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>${base64}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>`;
}

/** A server with TLS that plays an identity provider: a sign-on page, and metadata. */
export interface SamlServer extends AsyncDisposable {
  readonly url: string;
  /** The answers by path. Paths without an answer have the status 404. */
  readonly answers: Map<string, { readonly status: number; readonly body: string }>;
  /** The paths of all requests. */
  readonly requests: readonly string[];
}

/** Starts a server on this machine, with the host name localhost and a sign-on page at `/sso`. */
export async function startSamlServer(tls: KeyAndCertificate): Promise<SamlServer> {
  const answers: SamlServer["answers"] = new Map([["/sso", { status: 200, body: "sign in" }]]);
  const requests: string[] = [];
  const server = createServer({ key: tls.key, cert: tls.cert }, (request, response) => {
    requests.push(request.url ?? "");
    const { status, body } = answers.get(request.url ?? "") ?? { status: 404, body: "" };
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    answers,
    requests,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
