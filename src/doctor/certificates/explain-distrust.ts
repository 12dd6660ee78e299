import type { X509Certificate } from "node:crypto";
import { type CertificateInfo, readCertificate, toOneLine } from "./read-certificate.js";
import type { ServedCertificate } from "./served-certificate.js";

/** The reason why the signer of a certificate is not trusted. */
interface Distrust {
  /**
   * - `self-signed`: the certificate signs itself
   * - `chain-incomplete`: the server leaves out the certificates between its own and a trusted authority
   * - `unknown-authority`: the authority is not among the trusted ones
   */
  readonly kind: "self-signed" | "chain-incomplete" | "unknown-authority";
  /** The fact without a subject, e.g. `is signed by itself`. */
  readonly text: string;
  /** Another possible reason, as a sentence. Empty if there is none. */
  readonly hint: string;
}

/** Words in the names of intermediate authorities. */
const intermediateName = /\b(?:intermediate|issuing|subordinate|sub[- ]?ca)\b/i;

/**
 * Explains why a certificate is not trusted. `authorities` are the trusted authorities, if they are known. A certificate without its
 * issuer may lack an intermediate certificate, or be signed by a root that is not trusted. The address of its issuer's certificate, or
 * the name of the issuer, shows that an intermediate certificate is missing.
 */
export function explainDistrust(
  { certificate, issuers }: ServedCertificate,
  authorities: readonly CertificateInfo[] = [],
): Distrust {
  const issuer = toOneLine(certificate.issuer);
  if (certificate.issuer === certificate.subject) {
    return { kind: "self-signed", text: "is signed by itself (self-signed)", hint: "" };
  }
  const top = issuers.at(-1);
  const signer = JSON.stringify(top === undefined ? issuer : toOneLine(top.subject));
  if (top !== undefined && top.issuer === top.subject) {
    return { kind: "unknown-authority", text: `is signed by the authority ${signer}`, hint: "" };
  }
  const last = top ?? certificate;
  const missing = JSON.stringify(toOneLine(last.issuer));
  const text = `is signed by ${JSON.stringify(issuer)}, and the server does not send the intermediate certificate ${missing}`;
  if (looksIncomplete(last, authorities)) {
    return { kind: "chain-incomplete", text, hint: "" };
  }
  return {
    kind: "unknown-authority",
    text: `is signed by the authority ${missing}`,
    hint: "; if that is an intermediate authority, the server must send its certificate too",
  };
}

/** Returns true if the issuer of the last certificate that a server sends is an intermediate authority. */
function looksIncomplete(
  certificate: X509Certificate,
  authorities: readonly CertificateInfo[],
): boolean {
  const organization = findOrganization(certificate.issuer);
  return (
    (certificate.infoAccess ?? "").includes("CA Issuers") ||
    intermediateName.test(certificate.issuer) ||
    (organization !== undefined &&
      authorities.some(
        ({ subject }) =>
          subject !== toOneLine(certificate.issuer) &&
          findOrganization(subject.replaceAll(", ", "\n")) === organization,
      ))
  );
}

function findOrganization(name: string | undefined): string | undefined {
  return (name ?? "").split("\n").find((part) => part.startsWith("O="));
}

/** Reads the certificates in the chain of a server, its own first. Skips those that cannot be read. */
export function readChain({ certificate, issuers }: ServedCertificate): CertificateInfo[] {
  return [certificate, ...issuers].flatMap(({ raw }) => readCertificate(raw) ?? []);
}
