import { X509Certificate } from "node:crypto";
import { describeCertificate } from "../../certificates/describe-certificate.js";
import {
  type CertificateFault,
  findCertificateFault,
  severityOfFault,
} from "../../certificates/find-certificate-fault.js";
import type { CertificateInfo } from "../../certificates/read-certificate.js";
import { readCertificates } from "../../certificates/read-certificates.js";
import type { ServedCertificate } from "../../certificates/served-certificate.js";
import type { CheckContext, NewFinding } from "../../check-context.js";
import { describeIgnoredRootCa } from "./describe-ignored-root-ca.js";
import type { LdapServer } from "./ldap-server.js";

/**
 * Returns the finding about the certificate of an LDAP server, which is `broken` if ZITADEL rejects the certificate. Every certificate
 * of the root CA is trusted, except with StartTLS, with which ZITADEL ignores the root CA.
 */
export function findCertificateProblem(
  served: ServedCertificate,
  server: LdapServer,
  rootCa: Uint8Array,
  { now, withinMs, instance }: Pick<CheckContext, "now" | "withinMs" | "instance">,
): NewFinding | undefined {
  const { host } = server.url;
  const isStartTls = server.security === "start-tls";
  const authorities = isStartTls ? [] : readCertificates(rootCa);
  const { hostname } = server;
  const fault = findCertificateFault(served, { host, hostname, authorities, now, withinMs });
  if (fault === undefined) {
    return undefined;
  }
  switch (fault.kind) {
    case "authority-expired":
      return describeExpiredAuthority(fault, rootCa);
    case "chain-incomplete":
    case "self-signed":
    case "unknown-authority": {
      const field = rootCa.length === 0 ? "servers" : "rootCa";
      if (isStartTls) {
        return isCovered(served, rootCa)
          ? { ...describeIgnoredRootCa(host, instance.version), field }
          : { ...describeStartTlsDistrust(fault, host, field), field };
      }
      return { ...describeDistrust(fault, host, rootCa, authorities), field };
    }
    case "name":
      return describeOtherName(fault, served.certificate.subjectAltName !== undefined);
    default:
      return describeFault(fault.kind, fault);
  }
}

type PlainKind = "expired" | "not-yet-valid" | "weak" | "expires";

const checks: Readonly<Record<PlainKind, string>> = {
  expired: "ldap/certificate-expired",
  "not-yet-valid": "ldap/certificate-not-yet-valid",
  weak: "ldap/certificate-weak",
  expires: "ldap/certificate-expires",
};

/** The consequences of the faults that ZITADEL rejects, or will reject. */
const consequences: Readonly<Record<PlainKind, string>> = {
  expired: ", and ZITADEL rejects it",
  "not-yet-valid": ", and ZITADEL rejects it until then",
  weak: ": ZITADEL rejects it",
  expires: ": sign-in fails from then on",
};

/** Describes a fault whose fix is the same as for other servers. */
function describeFault(kind: PlainKind, fault: CertificateFault): NewFinding {
  const { isRejected, label, fact, fix, expiresAt } = fault;
  const isUsable = kind === "weak" && !isRejected;
  return {
    severity: severityOfFault(fault),
    check: checks[kind],
    field: "servers",
    message: `${label} ${fact}${isUsable ? "" : consequences[kind]}`,
    fix,
    expiresAt,
  };
}

function describeOtherName({ label, fact }: CertificateFault, hasNames: boolean): NewFinding {
  const fix = "issue a certificate with this host name as a subject alternative name";
  return {
    severity: "broken",
    check: "ldap/certificate-name",
    field: "servers",
    message: `${label} ${fact}`,
    fix: hasNames ? `use one of these names in servers, or ${fix}` : fix,
    change: hasNames ? { field: "servers" } : undefined,
  };
}

/** Describes a valid certificate below an authority that is not valid today. */
function describeExpiredAuthority(
  { label, fact, fix }: CertificateFault,
  rootCa: Uint8Array,
): NewFinding {
  const hasRootCa = rootCa.length > 0;
  return {
    severity: "broken",
    check: "ldap/authority-expired",
    field: hasRootCa ? "rootCa" : "servers",
    message: `${label} ${fact}: ZITADEL rejects both`,
    fix: hasRootCa ? "renew the certificate of the authority, at the server and in rootCa" : fix,
    change: hasRootCa ? { field: "rootCa" } : undefined,
  };
}

/** Describes a certificate of an authority that neither the root CA nor this machine covers. */
function describeDistrust(
  { kind, fact: text, fix, error = "", hint = "" }: CertificateFault,
  host: string,
  rootCa: Uint8Array,
  authorities: readonly CertificateInfo[],
): NewFinding {
  const fact = `the certificate of ${host} ${text}`;
  if (kind === "chain-incomplete") {
    return {
      severity: "broken",
      check: "ldap/chain-incomplete",
      message: `${fact}: ZITADEL rejects it (${error})`,
      fix,
    };
  }
  return authorities.length === 0
    ? {
        severity: "broken",
        check: "ldap/certificate-untrusted",
        message: `${fact}, which this machine does not trust (${error}); ZITADEL does not trust it either, unless its own machine does${hint}`,
        fix: "set rootCa to the certificate of that authority; if the container of ZITADEL trusts it, pass it here with --ca-file",
        change: rootCa.length === 0 ? undefined : { field: "rootCa" },
      }
    : {
        severity: "broken",
        check: "ldap/root-ca-mismatch",
        message: `${fact}, which rootCa does not cover (${error}): it has ${authorities.map(describeCertificate).join(", ")}${hint}`,
        fix: "set rootCa to the certificate of the authority that signed the certificate of the server; the server must send the certificates between the two",
        change: { field: "rootCa" },
      };
}

/** Describes a certificate that this machine does not trust, of a server with StartTLS. */
function describeStartTlsDistrust(
  { kind, fact, error = "", hint = "" }: CertificateFault,
  host: string,
  field: "rootCa" | "servers",
): NewFinding {
  return {
    severity: "broken",
    check: kind === "chain-incomplete" ? "ldap/chain-incomplete" : "ldap/certificate-untrusted",
    message: `the certificate of ${host} ${fact}, which this machine does not trust (${error}); ZITADEL does not trust it either, unless its own machine does: with StartTLS it ignores rootCa${hint}`,
    fix: "use an ldaps: URL in servers and set rootCa, or configure the container of ZITADEL to trust the authority (SSL_CERT_FILE), and pass it here with --ca-file",
    change: { field },
  };
}

/** Returns true if the chain of a server leads to a certificate of the root CA: each certificate is signed by the next one. */
function isCovered({ certificate, issuers }: ServedCertificate, rootCa: Uint8Array): boolean {
  const trusted = readCertificates(rootCa).map(({ pem }) => new X509Certificate(pem));
  const chain = [certificate, ...issuers];
  for (const [index, current] of chain.entries()) {
    if (
      trusted.some(
        (each) => each.fingerprint256 === current.fingerprint256 || hasSigned(each, current),
      )
    ) {
      return true;
    }
    const next = chain[index + 1];
    if (next === undefined || !hasSigned(next, current)) {
      return false;
    }
  }
  return false;
}

function hasSigned(authority: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}
