import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { describeCertificate } from "../../certificates/describe-certificate.js";
import { findValidity } from "../../certificates/find-validity.js";
import { type CertificateInfo, readCertificate } from "../../certificates/read-certificate.js";
import { readCertificates } from "../../certificates/read-certificates.js";
import type { CheckContext, NewFinding } from "../../check-context.js";
import type { LdapServer } from "./ldap-server.js";
import type { ServerCertificate } from "./ldap-session.js";

/**
 * Returns the finding about the certificate of an LDAP server. `broken` means that ZITADEL rejects the certificate. The rules are those of
 * Go's `crypto/x509`: the name must be among the alternative names of the subject, and every certificate of the root CA is trusted.
 */
export function findCertificateProblem(
  { certificate, error }: ServerCertificate,
  { url, hostname }: LdapServer,
  rootCa: Uint8Array,
  context: Pick<CheckContext, "now" | "withinMs">,
): NewFinding | undefined {
  const info = readCertificate(certificate.raw);
  if (info === undefined) {
    return undefined;
  }
  const name = describeCertificate(info);
  const expiresAt = info.validTo.toISOString();
  const about = { field: "servers" };
  switch (findValidity(info, context)) {
    case "expired":
      return {
        ...about,
        severity: "broken",
        check: "ldap/certificate-expired",
        message: `the certificate ${name} of ${url.host} expired on ${expiresAt}, and ZITADEL rejects it`,
        fix: "renew the certificate of the server",
        expiresAt,
      };
    case "not-yet-valid":
      return {
        ...about,
        severity: "broken",
        check: "ldap/certificate-not-yet-valid",
        message: `the certificate ${name} of ${url.host} is valid only from ${info.validFrom.toISOString()}, and ZITADEL rejects it until then`,
        fix: "install the certificate on that date, or correct the clock of the machine that issued it",
      };
    default:
  }
  if (!matchesName(certificate, hostname)) {
    const names = certificate.subjectAltName;
    return {
      ...about,
      severity: "broken",
      check: "ldap/certificate-name",
      message:
        names === undefined
          ? `the certificate ${name} of ${url.host} has no alternative names of the subject, and ZITADEL ignores the common name`
          : `the certificate ${name} of ${url.host} is for ${names}, not for ${hostname}`,
      fix: "write one of those names in servers, or issue a certificate with this host name as an alternative name of the subject",
    };
  }
  if (error !== undefined && error !== "ERR_TLS_CERT_ALTNAME_INVALID") {
    return {
      field: rootCa.length === 0 ? "servers" : "rootCa",
      ...(error === "CERT_HAS_EXPIRED"
        ? describeExpiredAuthority(info, url)
        : describeDistrust(info, url, rootCa, error)),
    };
  }
  return findValidity(info, context) === "expiring"
    ? {
        ...about,
        severity: "expires",
        check: "ldap/certificate-expires",
        message: `the certificate ${name} of ${url.host} expires on ${expiresAt}: sign-in fails from then on`,
        fix: "renew the certificate of the server before that date",
        expiresAt,
      }
    : undefined;
}

function matchesName(certificate: X509Certificate, hostname: string): boolean {
  return isIP(hostname) === 0
    ? certificate.checkHost(hostname, { subject: "never" }) !== undefined
    : certificate.checkIP(hostname) !== undefined;
}

/** Returns the finding about an authority that has expired, although the certificate of the server has not. */
function describeExpiredAuthority({ issuer }: CertificateInfo, { host }: URL): NewFinding {
  return {
    severity: "broken",
    check: "ldap/authority-expired",
    message: `the certificate of ${host} is signed by ${JSON.stringify(issuer)}, and the certificate of that authority, or of one above it, has expired: ZITADEL rejects both`,
    fix: "renew the certificate of the authority, at the server and in rootCa",
  };
}

function describeDistrust(
  { issuer }: CertificateInfo,
  { host }: URL,
  rootCa: Uint8Array,
  error: string,
): NewFinding {
  const authorities = readCertificates(rootCa).map(describeCertificate);
  const signer = `the certificate of ${host} is signed by ${JSON.stringify(issuer)}`;
  return authorities.length === 0
    ? {
        severity: "broken",
        check: "ldap/certificate-untrusted",
        message: `${signer}, which this machine does not trust (${error}); ZITADEL does not trust it either, unless its own machine does`,
        fix: "set rootCa to the certificate of that authority; if the container of ZITADEL trusts it, pass it here with --ca-file",
      }
    : {
        severity: "broken",
        check: "ldap/root-ca-mismatch",
        message: `${signer}, which rootCa does not cover (${error}): it has ${authorities.join(", ")}`,
        fix: "set rootCa to the certificate of the authority that signed the certificate of the server; the server must send the certificates between the two",
      };
}
