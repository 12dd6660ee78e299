import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { describeCertificate } from "./describe-certificate.js";
import { explainDistrust } from "./explain-distrust.js";
import { findValidity } from "./find-validity.js";
import { findWeakness } from "./find-weakness.js";
import { type CertificateInfo, readCertificate } from "./read-certificate.js";
import type { ServedCertificate } from "./served-certificate.js";

/** A fault of the certificate of a server, by the rules of Go's `crypto/x509`. */
export interface CertificateFault {
  readonly kind:
    | "expired"
    | "not-yet-valid"
    | "name"
    | "authority-expired"
    | "chain-incomplete"
    | "self-signed"
    | "unknown-authority"
    | "weak"
    | "expires";
  /** True if ZITADEL rejects the certificate. For an authority that is not trusted: unless the machine of ZITADEL trusts it. */
  readonly isRejected: boolean;
  /** The certificate at fault, e.g. `the certificate "CN=Acme" (SHA-256 AA:BB:CC:DD…) of acme.example`. */
  readonly label: string;
  /** The fact without a subject, e.g. `expired on 2026-01-01T00:00:00.000Z`. */
  readonly fact: string;
  readonly fix: string;
  /** The end of the certificate, if it has expired or expires soon. */
  readonly expiresAt?: string | undefined;
  /** The error code of OpenSSL, if it distrusts the authority. */
  readonly error?: string | undefined;
  /** Another possible reason of the distrust, as a sentence. Empty if there is none. */
  readonly hint?: string | undefined;
}

/** Returns the severity of a fault, unless the machine of ZITADEL may trust other authorities than this one. */
export function severityOfFault({
  kind,
  isRejected,
}: CertificateFault): "broken" | "expires" | "risk" {
  if (kind === "expires") {
    return "expires";
  }
  return isRejected ? "broken" : "risk";
}

/** The facts that a certificate is checked against. */
export interface CertificateExpectations {
  /** The host and port of the server, for messages. */
  readonly host: string;
  /** The name that the certificate must have, without the brackets of IPv6. */
  readonly hostname: string;
  /** The trusted authorities, if they are known. */
  readonly authorities?: readonly CertificateInfo[] | undefined;
  readonly now: Date;
  /** The time before the end of a certificate in which it counts as expiring, in milliseconds. */
  readonly withinMs: number;
}

/** Returns the most serious fault of the certificate of a server. Returns undefined for a certificate without faults. */
export function findCertificateFault(
  served: ServedCertificate,
  expected: CertificateExpectations,
): CertificateFault | undefined {
  const info = readCertificate(served.certificate.raw);
  if (info === undefined) {
    return undefined;
  }
  const label = `the certificate ${describeCertificate(info)} of ${expected.host}`;
  const weak = findWeakFault(info, label);
  return (
    findDateFault(info, label, expected) ??
    findNameFault(served.certificate, label, expected) ??
    // Report this weakness before the distrust of OpenSSL, which rejects such certificates without a reason.
    (weak?.isRejected === true ? weak : undefined) ??
    findTrustFault(info, served, label, expected) ??
    weak ??
    findEndFault(info, served, label, expected)
  );
}

function findDateFault(
  info: CertificateInfo,
  label: string,
  dates: Pick<CertificateExpectations, "now" | "withinMs">,
): CertificateFault | undefined {
  const expiresAt = info.validTo.toISOString();
  switch (findValidity(info, dates)) {
    case "expired":
      return {
        kind: "expired",
        isRejected: true,
        label,
        fact: `expired on ${expiresAt}`,
        fix: "renew the certificate of the server",
        expiresAt,
      };
    case "not-yet-valid":
      return {
        kind: "not-yet-valid",
        isRejected: true,
        label,
        fact: `is not valid before ${info.validFrom.toISOString()}`,
        fix: "install the certificate on that date, or correct the clock of the machine that issued it",
      };
    default:
      return undefined;
  }
}

function findNameFault(
  certificate: X509Certificate,
  label: string,
  { hostname }: CertificateExpectations,
): CertificateFault | undefined {
  if (hasName(certificate, hostname)) {
    return undefined;
  }
  const names = certificate.subjectAltName;
  return {
    kind: "name",
    isRejected: true,
    label,
    fact:
      names === undefined
        ? "has no subject alternative names, and ZITADEL ignores the common name"
        : `is for ${names}, not for ${hostname}`,
    fix: "issue a certificate with this host name as a subject alternative name, or use a host name that it has",
  };
}

/** Returns true if a certificate is for a host name or an address. As in Go, the common name does not count. */
function hasName(certificate: X509Certificate, hostname: string): boolean {
  return isIP(hostname) === 0
    ? certificate.checkHost(hostname, { subject: "never" }) !== undefined
    : certificate.checkIP(hostname) !== undefined;
}

/** Returns the fault of a weak key or signature. OpenSSL rejects some of them too, but without a reason. */
function findWeakFault(info: CertificateInfo, label: string): CertificateFault | undefined {
  const weakness = findWeakness(info);
  const isSelfSigned = info.issuer === info.subject;
  return weakness === undefined || (weakness.part === "signature" && isSelfSigned)
    ? undefined
    : {
        kind: "weak",
        isRejected: weakness.isRejected,
        label,
        fact: weakness.text,
        fix: "issue a certificate with a new key: RSA with at least 2048 bits or ECDSA, signed with SHA-256",
      };
}

function findTrustFault(
  { issuer }: CertificateInfo,
  served: ServedCertificate,
  label: string,
  { authorities }: CertificateExpectations,
): CertificateFault | undefined {
  const { error } = served;
  if (error === undefined || error === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return undefined;
  }
  const common = { isRejected: true, label, error };
  if (error === "CERT_HAS_EXPIRED" || error === "CERT_NOT_YET_VALID") {
    return {
      ...common,
      kind: "authority-expired",
      fact: `is signed by ${JSON.stringify(issuer)} and is valid today, but an authority above it is not (${error})`,
      fix: "renew the certificate of the authority, and install it at the server",
    };
  }
  const { kind, text, hint } = explainDistrust(served, authorities);
  return {
    ...common,
    kind,
    fact: text,
    fix:
      kind === "chain-incomplete"
        ? "configure the server to send its certificate with the intermediate certificates (the full chain)"
        : "ZITADEL must trust this CA too (SSL_CERT_FILE in its container); if it does, pass --ca-file with the certificate of the CA",
    hint,
  };
}

/** Returns the fault of a certificate that expires soon: that of the server, or of the authority that signed it. */
function findEndFault(
  leaf: CertificateInfo,
  { issuers }: ServedCertificate,
  label: string,
  { host, ...dates }: CertificateExpectations,
): CertificateFault | undefined {
  const [issuer] = issuers.flatMap(({ raw }) => readCertificate(raw) ?? []);
  const isRoot = issuer?.issuer === issuer?.subject;
  const next = [leaf, ...(issuer === undefined || isRoot ? [] : [issuer])].find(
    (each) => findValidity(each, dates) === "expiring",
  );
  if (next === undefined) {
    return undefined;
  }
  const expiresAt = next.validTo.toISOString();
  return {
    kind: "expires",
    isRejected: false,
    label:
      next === leaf
        ? label
        : `the certificate ${describeCertificate(next)} of the authority of ${host}`,
    fact: `expires on ${expiresAt}`,
    fix: "renew the certificate before that date, unless the server does that by itself",
    expiresAt,
  };
}
