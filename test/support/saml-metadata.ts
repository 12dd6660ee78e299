/** The content of the metadata of a SAML identity provider. */
export interface MetadataContent {
  /** Default: `https://idp.example/saml`. */
  readonly entityId?: string;
  /** The certificates in PEM, by their use. A key without a use is for both. */
  readonly certificates?: readonly {
    readonly use?: "signing" | "encryption";
    readonly cert: string;
  }[];
  /** The location of the sign-on endpoint. Default: `https://idp.example/sso`. */
  readonly location?: string;
  readonly validUntil?: Date;
  /** The id of the document, which changes without a meaning. */
  readonly id?: string;
}

/** Writes the metadata of a SAML identity provider. */
export function writeMetadata({
  entityId = "https://idp.example/saml",
  certificates = [],
  location = "https://idp.example/sso",
  validUntil,
  id,
}: MetadataContent): string {
  const keys = certificates.map(({ use, cert }) => {
    const base64 = cert.replace(/-----[^-]+-----|\s/g, "");
    return `<KeyDescriptor${use === undefined ? "" : ` use="${use}"`}><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>${base64}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>`;
  });
  return `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}"${validUntil === undefined ? "" : ` validUntil="${validUntil.toISOString()}"`}${id === undefined ? "" : ` ID="${id}"`}>
  <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    ${keys.join("\n    ")}
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${location}"/>
  </IDPSSODescriptor>
</EntityDescriptor>
`;
}
