import { X509Certificate } from "node:crypto";
import { describeCertificate } from "../../certificates/describe-certificate.js";
import { explainDistrust } from "../../certificates/explain-distrust.js";
import { findValidity } from "../../certificates/find-validity.js";
import { type CertificateInfo, readCertificate } from "../../certificates/read-certificate.js";
import { findWeakness } from "../../certificates/find-weakness.js";
import { hasName } from "../../certificates/find-host-certificate-problem.js";
import { readCertificates } from "../../certificates/read-certificates.js";
import type { CheckContext, NewFinding } from "../../check-context.js";
import type { LdapServer } from "./ldap-server.js";
import type { ServedCertificate } from "../../certificates/served-certificate.js";
import { describeIgnoredRootCa } from "./describe-ignored-root-ca.js";

/**
 * Returns the finding about the certificate of an LDAP server, which is `broken` if ZITADEL rejects the certificate. The rules are those of
 * Go's `crypto/x509`: the host must be among the subject alternative names, and every certificate of the root CA is trusted.
 */
export function findCertificateProblem(
  served: ServedCertificate,
  server: LdapServer,
  rootCa: Uint8Array,
  context: Pick<CheckContext, "now" | "withinMs" | "instance">,
): NewFinding | undefined {
  const info = readCertificate(served.certificate.raw);
  if (info === undefined) {
    return undefined;
  }
  const weak = findWeakProblem(info, server.url);
  return (
    findDateProblem(info, server, context) ??
    findNameProblem(info, served.certificate, server) ??
    // Report this weakness before the distrust of OpenSSL, which rejects such certificates without a reason.
    (weak?.severity === "broken" ? weak : undefined) ??
    findTrustProblem(info, { served, server, rootCa }, context) ??
    weak ??
    findExpiryProblem(info, server, context)
  );
}

/** Returns the finding about a certificate that has expired or is not valid yet. */
function findDateProblem(
  info: CertificateInfo,
  { url }: LdapServer,
  dates: Pick<CheckContext, "now" | "withinMs">,
): NewFinding | undefined {
  const name = describeCertificate(info);
  const expiresAt = info.validTo.toISOString();
  switch (findValidity(info, dates)) {
    case "expired":
      return {
        severity: "broken",
        check: "ldap/certificate-expired",
        field: "servers",
        message: `the certificate ${name} of ${url.host} expired on ${expiresAt}, and ZITADEL rejects it`,
        fix: "renew the certificate of the server",
        expiresAt,
      };
    case "not-yet-valid":
      return {
        severity: "broken",
        check: "ldap/certificate-not-yet-valid",
        field: "servers",
        message: `the certificate ${name} of ${url.host} is valid only from ${info.validFrom.toISOString()}, and ZITADEL rejects it until then`,
        fix: "install the certificate on that date, or correct the clock of the machine that issued it",
      };
    default:
      return undefined;
  }
}

function findNameProblem(
  info: CertificateInfo,
  certificate: X509Certificate,
  { url, hostname }: LdapServer,
): NewFinding | undefined {
  if (hasName(certificate, hostname)) {
    return undefined;
  }
  const subject = `the certificate ${describeCertificate(info)} of ${url.host}`;
  const about = { severity: "broken", check: "ldap/certificate-name", field: "servers" } as const;
  const names = certificate.subjectAltName;
  return names === undefined
    ? {
        ...about,
        message: `${subject} has no subject alternative names, and ZITADEL ignores the common name`,
        fix: "issue a certificate with this host name as a subject alternative name",
      }
    : {
        ...about,
        message: `${subject} is for ${names}, not for ${hostname}`,
        fix: "use one of these names in servers, or issue a certificate with this host name as a subject alternative name",
        change: { field: "servers" },
      };
}

/** The connection to a server whose certificate this machine may not trust. */
interface Connection {
  readonly served: ServedCertificate;
  readonly server: LdapServer;
  readonly rootCa: Uint8Array;
}

function findTrustProblem(
  info: CertificateInfo,
  connection: Connection,
  { instance }: Pick<CheckContext, "instance">,
): NewFinding | undefined {
  const { served, server, rootCa } = connection;
  const { error } = served;
  if (error === undefined || error === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return undefined;
  }
  const field = findTrustField(rootCa);
  if (error === "CERT_HAS_EXPIRED") {
    return { field, ...describeExpiredAuthority(info, server.url, rootCa) };
  }
  return server.security === "start-tls"
    ? { field, ...describeStartTlsDistrust(connection, error, instance.version) }
    : { field, ...describeDistrust(served, server.url, rootCa, error) };
}

/** Returns the finding about a certificate that expires soon. */
function findExpiryProblem(
  info: CertificateInfo,
  { url }: LdapServer,
  dates: Pick<CheckContext, "now" | "withinMs">,
): NewFinding | undefined {
  const expiresAt = info.validTo.toISOString();
  return findValidity(info, dates) === "expiring"
    ? {
        severity: "expires",
        check: "ldap/certificate-expires",
        field: "servers",
        message: `the certificate ${describeCertificate(info)} of ${url.host} expires on ${expiresAt}: sign-in fails from then on`,
        fix: "renew the certificate of the server before that date",
        expiresAt,
      }
    : undefined;
}

/** Returns the finding about a weak key or signature. OpenSSL rejects some of them too, but without a reason. */
function findWeakProblem(info: CertificateInfo, { host }: URL): NewFinding | undefined {
  const weakness = findWeakness(info);
  return weakness === undefined || (weakness.part === "signature" && info.issuer === info.subject)
    ? undefined
    : {
        severity: weakness.isRejected ? "broken" : "risk",
        check: "ldap/certificate-weak",
        field: "servers",
        message: `the certificate ${describeCertificate(info)} of ${host} ${weakness.text}${weakness.isRejected ? ": ZITADEL rejects it" : ""}`,
        fix: "issue a certificate with a new key: RSA with at least 2048 bits or ECDSA, signed with SHA-256",
      };
}

/** Returns the field that decides which authorities ZITADEL trusts: the root CA if there is one, otherwise the servers. */
function findTrustField(rootCa: Uint8Array): "rootCa" | "servers" {
  return rootCa.length === 0 ? "servers" : "rootCa";
}

/** Describes an expired authority above a valid certificate. */
function describeExpiredAuthority(
  { issuer }: CertificateInfo,
  { host }: URL,
  rootCa: Uint8Array,
): NewFinding {
  return {
    severity: "broken",
    check: "ldap/authority-expired",
    message: `the certificate of ${host} is signed by ${JSON.stringify(issuer)}, and the certificate of that authority, or of one above it, has expired: ZITADEL rejects both`,
    fix: "renew the certificate of the authority, at the server and in rootCa",
    change: rootCa.length === 0 ? undefined : { field: "rootCa" },
  };
}

function describeDistrust(
  served: ServedCertificate,
  { host }: URL,
  rootCa: Uint8Array,
  error: string,
): NewFinding {
  const authorities = readCertificates(rootCa);
  const { kind, text, hint } = explainDistrust(served, authorities);
  const fact = `the certificate of ${host} ${text}`;
  if (kind === "chain-incomplete") {
    return {
      severity: "broken",
      check: "ldap/chain-incomplete",
      message: `${fact}: ZITADEL rejects it (${error})`,
      fix: "configure the server to send its certificate with the intermediate certificates (the full chain)",
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

/** Describes a certificate that this machine does not trust. With StartTLS, ZITADEL ignores the root CA. */
function describeStartTlsDistrust(
  { served, server, rootCa }: Connection,
  error: string,
  version: string | undefined,
): NewFinding {
  const { host } = server.url;
  if (isCovered(served, rootCa)) {
    return describeIgnoredRootCa(host, version);
  }
  const { kind, text, hint } = explainDistrust(served);
  return {
    severity: "broken",
    check: kind === "chain-incomplete" ? "ldap/chain-incomplete" : "ldap/certificate-untrusted",
    message: `the certificate of ${host} ${text}, which this machine does not trust (${error}); ZITADEL does not trust it either, unless its own machine does: with StartTLS it ignores rootCa${hint}`,
    fix: "use an ldaps: URL in servers and set rootCa, or configure the container of ZITADEL to trust the authority (SSL_CERT_FILE), and pass it here with --ca-file",
    change: { field: findTrustField(rootCa) },
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
