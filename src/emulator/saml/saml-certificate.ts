import { base64Encode } from "@bufbuild/protobuf/wire";
import { createSelfSignedCertificate } from "./self-signed-certificate.js";

/**
 * Returns a function that creates the certificate of a SAML provider, in base64 of its DER form.
 *
 * The key pair and the certificate are created on the first call: creation is slow, and most tests never read the certificate.
 */
export function createSamlCertificate(): () => Promise<string> {
  let certificate: Promise<string> | undefined;
  return () => (certificate ??= generateCertificate());
}

/** Creates an RSA key pair and a self-signed certificate for it. */
async function generateCertificate(): Promise<string> {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    publicExponent: Uint8Array.of(1, 0, 1),
    modulusLength: 4096,
  };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  return base64Encode(await createSelfSignedCertificate(keys));
}
