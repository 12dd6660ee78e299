import { X509Certificate } from "node:crypto";
import { derTags, readDer, readDerValues } from "../../formats/der.js";
import { toHex } from "../../utils/to-hex.js";

/** The facts about a certificate. */
export interface CertificateInfo {
  /** The subject in one line, e.g. `C=CH, O=Acme, CN=idp.acme.example`. */
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  /** The type of the key, e.g. `rsa` or `ec`. */
  readonly keyType: string;
  /** The size of an RSA or DSA key. Undefined for other keys. */
  readonly keyBits: number | undefined;
  /** The curve of an EC key, by its OpenSSL name, e.g. `prime256v1`. Undefined for other keys. */
  readonly keyCurve: string | undefined;
  /** The name of the algorithm of the signature, e.g. `sha256WithRSAEncryption`, or its object identifier in hexadecimal. */
  readonly signatureAlgorithm: string;
  /** True for the certificate of an authority, which may sign others. */
  readonly isAuthority: boolean;
  /** The SHA-256 fingerprint in hexadecimal, with colons. */
  readonly fingerprint: string;
  /** The certificate itself, in PEM. */
  readonly pem: string;
}

/** Reads a certificate in DER. Returns undefined if the bytes are not a certificate. */
export function readCertificate(der: Uint8Array): CertificateInfo | undefined {
  try {
    const certificate = new X509Certificate(der);
    const { publicKey } = certificate;
    return {
      subject: toOneLine(certificate.subject),
      issuer: toOneLine(certificate.issuer),
      validFrom: new Date(certificate.validFrom),
      validTo: new Date(certificate.validTo),
      keyType: publicKey.asymmetricKeyType ?? "unknown",
      keyBits: publicKey.asymmetricKeyDetails?.modulusLength,
      keyCurve: publicKey.asymmetricKeyDetails?.namedCurve,
      signatureAlgorithm: readSignatureAlgorithm(certificate.raw),
      isAuthority: certificate.ca,
      fingerprint: certificate.fingerprint256,
      pem: certificate.toString(),
    };
  } catch {
    return undefined;
  }
}

/** Returns a name in one line. Node.js writes each attribute on its own line, and undefined for an empty name, despite its type. */
export function toOneLine(name: string | undefined): string {
  return (name ?? "").split("\n").join(", ");
}

/** The signature algorithms by their object identifiers, because Node.js 20 does not provide the algorithm. */
const signatureAlgorithms: ReadonlyMap<string, string> = new Map([
  ["2a864886f70d010102", "md2WithRSAEncryption"],
  ["2a864886f70d010104", "md5WithRSAEncryption"],
  ["2a864886f70d010105", "sha1WithRSAEncryption"],
  ["2a864886f70d01010a", "rsassaPss"],
  ["2a864886f70d01010b", "sha256WithRSAEncryption"],
  ["2a864886f70d01010c", "sha384WithRSAEncryption"],
  ["2a864886f70d01010d", "sha512WithRSAEncryption"],
  ["2a8648ce380403", "dsaWithSHA1"],
  ["2a8648ce3d0401", "ecdsa-with-SHA1"],
  ["2a8648ce3d040302", "ecdsa-with-SHA256"],
  ["2a8648ce3d040303", "ecdsa-with-SHA384"],
  ["2a8648ce3d040304", "ecdsa-with-SHA512"],
  ["2b6570", "ed25519"],
  ["2b6571", "ed448"],
  ["608648016503040302", "dsaWithSHA256"],
]);

function readSignatureAlgorithm(der: Uint8Array): string {
  const certificate = readDer(der);
  const [, algorithm] =
    (certificate && readDerValues(certificate.content, [derTags.sequence, derTags.sequence])) ?? [];
  const id = algorithm && readDer(algorithm);
  const hex = id === undefined ? "" : toHex(id.content);
  return signatureAlgorithms.get(hex) ?? hex;
}
