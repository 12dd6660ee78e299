import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type { Severity } from "../../lint/finding.js";
import { describeCertificate } from "./describe-certificate.js";
import { explainDistrust, readChain } from "./explain-distrust.js";
import { findValidity } from "./find-validity.js";
import { findWeakness } from "./find-weakness.js";
import type { CertificateInfo } from "./read-certificate.js";
import type { ServedCertificate } from "./served-certificate.js";

/** The problem of the certificate of an HTTPS server. */
export interface CertificateProblem {
  readonly severity: Severity;
  /** The name of the check. */
  readonly check: string;
  /** The fact, without a subject. */
  readonly text: string;
  readonly fix: string;
  readonly expiresAt?: string | undefined;
}

/** The host of a certificate, and the rules for the certificate. */
interface HostToCheck {
  readonly host: string;
  /** The name that the certificate must have, without the brackets of IPv6. */
  readonly hostname: string;
  /** The trusted authorities that the user gave in place of those of this machine. */
  readonly authorities: readonly CertificateInfo[] | undefined;
  readonly now: Date;
  readonly withinMs: number;
}

/**
 * Returns the problem of the certificate of an HTTPS server by the rules of Go's `crypto/x509`, which ignores the common name. An
 * authority that this machine does not trust is only `unchecked`, because ZITADEL's machine may trust it.
 */
export function findHostCertificateProblem(
  served: ServedCertificate,
  hostToCheck: HostToCheck,
): CertificateProblem | undefined {
  const [info, issuer] = readChain(served);
  if (info === undefined) {
    return undefined;
  }
  const label = `the certificate ${describeCertificate(info)} of ${hostToCheck.host}`;
  const weak = findWeakProblem(info, label);
  return (
    findDateProblem(info, label, hostToCheck) ??
    findNameProblem(served.certificate, label, hostToCheck) ??
    // Report this weakness before the distrust of OpenSSL, which rejects such certificates without a reason.
    (weak?.severity === "broken" ? weak : undefined) ??
    findTrustProblem(served, label, hostToCheck) ??
    weak ??
    findEndProblem(info, issuer, hostToCheck)
  );
}

function findDateProblem(
  info: CertificateInfo,
  label: string,
  hostToCheck: HostToCheck,
): CertificateProblem | undefined {
  const expiresAt = info.validTo.toISOString();
  switch (findValidity(info, hostToCheck)) {
    case "expired":
      return {
        severity: "broken",
        check: "tls/certificate-expired",
        text: `${label} expired on ${expiresAt}`,
        fix: "renew the certificate of the server",
        expiresAt,
      };
    case "not-yet-valid":
      return {
        severity: "broken",
        check: "tls/certificate-not-yet-valid",
        text: `${label} is not valid before ${info.validFrom.toISOString()}`,
        fix: "install the certificate on that date, or correct the clock of the machine that issued it",
      };
    default:
      return undefined;
  }
}

function findNameProblem(
  certificate: X509Certificate,
  label: string,
  { hostname }: HostToCheck,
): CertificateProblem | undefined {
  if (hasName(certificate, hostname)) {
    return undefined;
  }
  const names = certificate.subjectAltName;
  return {
    severity: "broken",
    check: "tls/certificate-name",
    text:
      names === undefined
        ? `${label} has no subject alternative names, and ZITADEL ignores the common name`
        : `${label} is for ${names}, not for ${hostname}`,
    fix: "issue a certificate with this host name as a subject alternative name, or use a host name that it has",
  };
}

/** Returns true if a certificate is for a host name or an address. As in Go, the common name does not count. */
export function hasName(certificate: X509Certificate, hostname: string): boolean {
  return isIP(hostname) === 0
    ? certificate.checkHost(hostname, { subject: "never" }) !== undefined
    : certificate.checkIP(hostname) !== undefined;
}

function findTrustProblem(
  served: ServedCertificate,
  label: string,
  { authorities }: HostToCheck,
): CertificateProblem | undefined {
  const { error } = served;
  if (error === undefined || error === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return undefined;
  }
  if (error === "CERT_HAS_EXPIRED" || error === "CERT_NOT_YET_VALID") {
    return {
      severity: "broken",
      check: "tls/authority-expired",
      text: `${label} is valid today, but an authority above it is not (${error})`,
      fix: "renew the certificate of the authority, and install it at the server",
    };
  }
  const { kind, text, hint } = explainDistrust(served, authorities);
  if (kind === "chain-incomplete") {
    return {
      severity: "broken",
      check: "tls/chain-incomplete",
      text: `${label} ${text}, which browsers load by themselves and ZITADEL does not`,
      fix: "configure the server to send its certificate with the intermediate certificates (the full chain)",
    };
  }
  const isChosen = authorities !== undefined;
  return {
    // --ca-file names the authorities that ZITADEL trusts, so this is certain.
    severity: isChosen ? "broken" : "unchecked",
    check: kind === "self-signed" ? "tls/self-signed" : "tls/unknown-authority",
    text: `${label} ${text}, which ${isChosen ? "--ca-file does not have" : "this machine does not trust"} (${error})${hint}`,
    fix: isChosen
      ? "configure ZITADEL's machine to trust this authority too (SSL_CERT_FILE), and add it to --ca-file"
      : "ZITADEL must trust this CA too (SSL_CERT_FILE in its container); if it does, pass --ca-file with the certificate of the CA",
  };
}

function findWeakProblem(info: CertificateInfo, label: string): CertificateProblem | undefined {
  const weakness = findWeakness(info);
  const isSigned = info.issuer !== info.subject;
  return weakness === undefined || (weakness.part === "signature" && !isSigned)
    ? undefined
    : {
        severity: weakness.isRejected ? "broken" : "risk",
        check: "tls/certificate-weak",
        text: `${label} ${weakness.text}`,
        fix: "issue a certificate with a new key: RSA with at least 2048 bits or ECDSA, signed with SHA-256",
      };
}

/** Returns the problem of a certificate that expires soon: that of the server, or of the authority that signed it. */
function findEndProblem(
  leaf: CertificateInfo,
  issuer: CertificateInfo | undefined,
  { host, ...dates }: HostToCheck,
): CertificateProblem | undefined {
  const isRoot = issuer?.issuer === issuer?.subject;
  const next = [leaf, ...(issuer === undefined || isRoot ? [] : [issuer])].find(
    (each) => findValidity(each, dates) === "expiring",
  );
  if (next === undefined) {
    return undefined;
  }
  const expiresAt = next.validTo.toISOString();
  return {
    severity: "expires",
    check: "tls/certificate-expires",
    text: `the certificate ${describeCertificate(next)} ${next === leaf ? "of" : "of the authority of"} ${host} expires on ${expiresAt}`,
    fix: "renew the certificate before that date, unless the server does that by itself",
    expiresAt,
  };
}
