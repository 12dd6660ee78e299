import { readSamlEntity, type SamlCertificate } from "../../formats/saml-entity.js";
import { textToBytes } from "../../providers/model/bytes-text.js";
import { restorePemLineBreaks } from "../../providers/model/pem-line-breaks.js";
import type { CheckedProvider } from "../checked-provider.js";
import type { CertificateInfo } from "./read-certificate.js";
import { readCertificates } from "./read-certificates.js";

/** A certificate in a field of a provider. */
interface ProviderCertificate {
  /** The field, e.g. `metadataXml` or `rootCa`. */
  readonly field: string;
  /** The use of the certificate: as in SAML metadata, or `authority` for the root CA of LDAP servers. */
  readonly use: SamlCertificate["use"] | "authority";
  readonly certificate: CertificateInfo;
}

/** Lists the certificates in the fields of a provider: in SAML metadata, and in the root CA of LDAP servers. */
export function listProviderCertificates({
  type,
  fields,
}: Pick<CheckedProvider, "type" | "fields">): ProviderCertificate[] {
  if (type === "saml") {
    return listMetadataCertificates(readBytes(fields["metadataXml"]));
  }
  return type === "ldap"
    ? readCertificates(readBytes(fields["rootCa"])).map((certificate) => ({
        field: "rootCa",
        use: "authority",
        certificate,
      }))
    : [];
}

function listMetadataCertificates(metadata: Uint8Array): ProviderCertificate[] {
  const { certificates = [] } = readSamlEntity(metadata) ?? {};
  return certificates.flatMap(({ use, base64 }) =>
    readCertificates(new TextEncoder().encode(base64)).map((certificate) => ({
      field: "metadataXml",
      use,
      certificate,
    })),
  );
}

/** Returns the bytes of a field that holds them as text. */
function readBytes(value: unknown): Uint8Array {
  return textToBytes(restorePemLineBreaks(typeof value === "string" ? value : ""));
}
