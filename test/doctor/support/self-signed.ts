import type { KeyAndCertificate } from "../../support/certificates.js";

/** The properties of a certificate that signs itself. */
interface SelfSignedOptions {
  readonly name?: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** The size of the RSA key. Default: 2048. */
  readonly bits?: number;
  readonly hash?: "SHA-1" | "SHA-256";
  /** The alternative names of the subject. Default: none. */
  readonly dnsNames?: readonly string[];
  /** True for the certificate of an authority. */
  readonly isAuthority?: boolean;
  /** The authority that signs the certificate. Default: the certificate signs itself. */
  readonly signer?: CreatedCertificate;
  /** The URL of the certificate of the authority, as public authorities give it. */
  readonly issuerUrl?: string;
}

/** A key and its certificate, which can sign others. */
export interface CreatedCertificate extends KeyAndCertificate {
  readonly subject: string;
  readonly signingKey: CryptoKey;
}

export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

/** Returns the time in some milliseconds from now. */
export function fromNow(ms: number): Date {
  return new Date(Date.now() + ms);
}

/** Creates an RSA key and a certificate, which signs itself unless there is a `signer`. Default: valid from an hour ago for a year. */
export async function createSelfSigned(
  options: SelfSignedOptions = {},
): Promise<CreatedCertificate> {
  await import("reflect-metadata");
  const {
    AuthorityInfoAccessExtension,
    BasicConstraintsExtension,
    PemConverter,
    SubjectAlternativeNameExtension,
    X509CertificateGenerator,
  } = await import("@peculiar/x509");
  const { name = "idp.acme.example", bits = 2048, hash = "SHA-256", dnsNames = [] } = options;
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash,
    modulusLength: bits,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const subject = `CN=${name}`;
  const { signer = { subject, signingKey: keys.privateKey } } = options;
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: signer.subject,
    publicKey: keys.publicKey,
    signingKey: signer.signingKey,
    notBefore: options.notBefore ?? fromNow(-hourMs),
    notAfter: options.notAfter ?? fromNow(365 * dayMs),
    signingAlgorithm: algorithm,
    extensions: [
      ...(dnsNames.length === 0
        ? []
        : [
            new SubjectAlternativeNameExtension(
              dnsNames.map((value) => ({ type: "dns" as const, value })),
            ),
          ]),
      ...(options.issuerUrl === undefined
        ? []
        : [new AuthorityInfoAccessExtension({ caIssuers: options.issuerUrl })]),
      ...(options.isAuthority === true
        ? [new BasicConstraintsExtension(true, undefined, true)]
        : []),
    ],
  });
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    key: PemConverter.encode(pkcs8, "PRIVATE KEY"),
    cert: certificate.toString("pem"),
    subject,
    signingKey: keys.privateKey,
  };
}
