/**
 * The certificate of a SAML provider, in base64 of its DER form. The key pair and the certificate are made when somebody
 * asks for them: that takes long, and most tests never look.
 */
export function createCertificate(): () => Promise<string> {
  let certificate: Promise<string> | undefined;
  return () => (certificate ??= makeCertificate());
}

const yearMs = 365 * 24 * 60 * 60 * 1000;

/** An RSA key pair, and a certificate for it that it has signed itself. */
async function makeCertificate(): Promise<string> {
  // The library does not load without it.
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
