import { type DerValue, readDer, readValues, Tag } from "./der.js";
import { pemBlocks } from "./pem.js";

/**
 * Returns true if a file contains at least one certificate that Go's `CertPool.AppendCertsFromPEM` accepts. ZITADEL requires
 * one in a root CA. The function skips other blocks, blocks with headers and damaged certificates.
 */
export function hasCertificate(bytes: Uint8Array): boolean {
  for (const { label, headers, content } of pemBlocks(bytes)) {
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
export function isCertificate(der: Uint8Array): boolean {
  const whole = readDer(der);
  const parts =
    whole?.tag === Tag.sequence && whole.rest.length === 0
      ? readValues(whole.content, [Tag.sequence, Tag.sequence, Tag.bitString])
      : undefined;
  const toBeSigned = parts?.[0];
  if (toBeSigned === undefined) {
    return false;
  }
  const version = readDer(toBeSigned);
  const fields = readValues(
    version?.tag === Tag.version ? version.rest : toBeSigned,
    // Serial number, algorithm, issuer, validity, subject and public key.
    [Tag.integer, ...Array<number>(5).fill(Tag.sequence)],
  );
  const [, , , validity, , publicKey] = fields ?? [];
  return (
    validity !== undefined &&
    publicKey !== undefined &&
    isValidity(validity) &&
    readValues(publicKey, [Tag.sequence, Tag.bitString]) !== undefined
  );
}

function isValidity(content: Uint8Array): boolean {
  const isTime = (value: DerValue | undefined): value is DerValue =>
    value?.tag === Tag.utcTime || value?.tag === Tag.generalizedTime;
  const notBefore = readDer(content);
  return isTime(notBefore) && isTime(readDer(notBefore.rest));
}
