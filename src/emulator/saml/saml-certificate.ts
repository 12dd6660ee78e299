/**
 * Returns a function that creates the certificate of a SAML provider, in base64 of its DER form.
 *
 * The key pair and the certificate are created on the first call: creation is slow, and most tests never read the certificate.
 */
export function createSamlCertificate(): () => Promise<string> {
  let certificate: Promise<string> | undefined;
  return () => (certificate ??= generateCertificate());
}

const yearMs = 365 * 24 * 60 * 60 * 1000;

/** Creates an RSA key pair and a self-signed certificate for it. */
async function generateCertificate(): Promise<string> {
  // @peculiar/x509 does not load without reflect-metadata.
  await import("reflect-metadata");
  const { X509CertificateGenerator } = await import("@peculiar/x509");
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    publicExponent: Uint8Array.of(1, 0, 1),
    modulusLength: 4096,
  };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const now = Date.now();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: "O=ZITADEL",
    notBefore: new Date(now),
    notAfter: new Date(now + yearMs),
    signingAlgorithm: algorithm,
    keys,
  });
  return certificate.toString("base64");
}
