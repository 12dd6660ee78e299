/** A key and its certificate, in PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

/** A private certificate authority. */
export interface TestAuthority {
  /** The certificate of the authority, in PEM. */
  readonly ca: string;
  /** Issues a certificate for a host name, or for a client with that name. It expires at `notAfter`. Default: in one hour. */
  issue(name: string, notAfter?: Date): Promise<KeyAndCertificate>;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** Creates a certificate authority. Its certificates are valid for one hour. */
export async function createAuthority(authorityName = "Private CA"): Promise<TestAuthority> {
  await import("reflect-metadata");
  const {
    BasicConstraintsExtension,
    PemConverter,
    SubjectAlternativeNameExtension,
    X509CertificateGenerator,
  } = await import("@peculiar/x509");
  const valid = {
    notBefore: new Date(Date.now() - 3_600_000),
    notAfter: new Date(Date.now() + 3_600_000),
    signingAlgorithm: algorithm,
  };
  const generate = (): Promise<CryptoKeyPair> =>
    crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const authorityKeys = await generate();
  const authority = await X509CertificateGenerator.createSelfSigned({
    ...valid,
    name: `CN=${authorityName}`,
    keys: authorityKeys,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  return {
    ca: authority.toString("pem"),
    async issue(name, notAfter = valid.notAfter) {
      const keys = await generate();
      const certificate = await X509CertificateGenerator.create({
        ...valid,
        notAfter,
        subject: `CN=${name}`,
        issuer: authority.subject,
        publicKey: keys.publicKey,
        signingKey: authorityKeys.privateKey,
        extensions: [new SubjectAlternativeNameExtension([{ type: "dns", value: name }])],
      });
      const pkcs8 = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
      return { key: PemConverter.encode(pkcs8, "PRIVATE KEY"), cert: certificate.toString("pem") };
    },
  };
}
