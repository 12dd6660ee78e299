import type { CertificateInfo } from "./read-certificate.js";

/** Returns a certificate for people: its subject, and the first bytes of its fingerprint for certificates with the same subject. */
export function describeCertificate({ subject, fingerprint }: CertificateInfo): string {
  const short = fingerprint.slice(0, "AA:BB:CC:DD".length);
  return `${JSON.stringify(subject)} (SHA-256 ${short}…)`;
}
