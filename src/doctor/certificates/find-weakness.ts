import { minStrongRsaBits } from "../min-strong-rsa-bits.js";
import type { CertificateInfo } from "./read-certificate.js";

/** The minimum length of an RSA key that Go accepts in TLS. */
const minUsableBits = 1024;

/** A key or a signature of a certificate that is too weak. */
interface Weakness {
  readonly part: "key" | "signature";
  /** The fact without a subject, e.g. `has an RSA key of 1024 bits`. */
  readonly text: string;
  /** True if ZITADEL rejects a server with such a certificate, as Go's `crypto/x509` and `crypto/tls` do. */
  readonly isRejected: boolean;
}

/** Returns the weakness of a certificate: a short RSA key, a DSA key, or a signature with MD2, MD5 or SHA-1. */
export function findWeakness({
  keyType,
  keyBits = minStrongRsaBits,
  signatureAlgorithm,
}: CertificateInfo): Weakness | undefined {
  if (keyType === "dsa") {
    return { part: "key", text: "has a DSA key, which is obsolete", isRejected: true };
  }
  if (keyType.startsWith("rsa") && keyBits < minStrongRsaBits) {
    return {
      part: "key",
      text: `has an RSA key of only ${keyBits} bits, which others can compute`,
      isRejected: keyBits < minUsableBits,
    };
  }
  return /md[25]|sha1/i.test(signatureAlgorithm)
    ? {
        part: "signature",
        text: `is signed with ${signatureAlgorithm}, which no longer proves that it is genuine`,
        isRejected: true,
      }
    : undefined;
}
