import type { CertificateInfo } from "./read-certificate.js";

/** Describes a certificate for people by its subject and, because subjects can be equal, the first bytes of its fingerprint. */
export function describeCertificate({ subject, fingerprint }: CertificateInfo): string {
  const short = fingerprint.slice(0, "AA:BB:CC:DD".length);
  return `${JSON.stringify(subject)} (SHA-256 ${short}…)`;
}
