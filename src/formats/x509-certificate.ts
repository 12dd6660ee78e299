import { type DerValue, readDer, readDerValues, derTags } from "./der.js";
import { readPemBlocks } from "./pem.js";

/**
 * Returns true if a file contains at least one certificate that Go's `CertPool.AppendCertsFromPEM` accepts. ZITADEL requires
 * one in a root CA. The function skips other blocks, blocks with headers and damaged certificates.
 */
export function hasCertificate(bytes: Uint8Array): boolean {
  for (const { label, headers, content } of readPemBlocks(bytes)) {
    if (label === "CERTIFICATE" && headers === 0 && isCertificate(content)) {
      return true;
    }
  }
  return false;
}

/**
 * Returns true if the bytes have the structure of an X.509 certificate in DER. The signature and the extensions are not
 * checked.
 */
function isCertificate(der: Uint8Array): boolean {
  const outer = readDer(der);
  const values =
    outer?.tag === derTags.sequence && outer.rest.length === 0
      ? readDerValues(outer.content, [derTags.sequence, derTags.sequence, derTags.bitString])
      : undefined;
  const toBeSigned = values?.[0];
  if (toBeSigned === undefined) {
    return false;
  }
  const version = readDer(toBeSigned);
  const fields = readDerValues(
    version?.tag === derTags.version ? version.rest : toBeSigned,
    // Serial number, algorithm, issuer, validity, subject and public key.
    [derTags.integer, ...Array<number>(5).fill(derTags.sequence)],
  );
  const [, , , validity, , publicKey] = fields ?? [];
  return (
    validity !== undefined &&
    publicKey !== undefined &&
    isValidity(validity) &&
    readDerValues(publicKey, [derTags.sequence, derTags.bitString]) !== undefined
  );
}

function isValidity(content: Uint8Array): boolean {
  const isTimeMessage = (value: DerValue | undefined): value is DerValue =>
    value?.tag === derTags.utcTime || value?.tag === derTags.generalizedTime;
  const notBefore = readDer(content);
  return isTimeMessage(notBefore) && isTimeMessage(readDer(notBefore.rest));
}
