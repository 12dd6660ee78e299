import { describeCertificate } from "../../certificates/describe-certificate.js";
import { findValidity } from "../../certificates/find-validity.js";
import { findWeakness } from "../../certificates/find-weakness.js";
import type { CertificateInfo } from "../../certificates/read-certificate.js";
import { readCertificates } from "../../certificates/read-certificates.js";
import type { CheckContext } from "../../check-context.js";
import type { LdapServer } from "./ldap-server.js";
import type { LdapSettings } from "./ldap-settings.js";

/** Checks the certificates in the root CA of an LDAP provider, and that a server uses them. */
export function checkLdapRootCa(
  { rootCa }: LdapSettings,
  servers: readonly LdapServer[],
  context: CheckContext,
): void {
  const { report } = context;
  const certificates = readCertificates(rootCa);
  if (certificates.length === 0) {
    return;
  }
  if (servers.length > 0 && servers.every(({ security }) => security !== "tls")) {
    report({
      severity: "note",
      check: "ldap/root-ca-unused",
      field: "rootCa",
      message: "rootCa has no effect: ZITADEL uses it for servers with ldaps: only",
      fix: "use an ldaps: URL in servers, or remove rootCa",
    });
    return;
  }
  reportWeakAuthorities(certificates, report);
  reportExpiries(certificates, context);
  if (!certificates.some((each) => each.isAuthority)) {
    report({
      severity: "risk",
      check: "ldap/root-ca-not-authority",
      field: "rootCa",
      message: `rootCa has no certificate of an authority, only ${certificates.map(describeCertificate).join(", ")}: sign-in fails as soon as the server gets a new certificate`,
      fix: "set rootCa to the certificate of the authority that signs the certificates of the servers",
      change: { field: "rootCa" },
    });
  }
}

/** Reports authorities that have expired or expire soon. */
function reportExpiries(
  certificates: readonly CertificateInfo[],
  { now, withinMs, report }: CheckContext,
): void {
  const states = certificates.map((each) => findValidity(each, { now, withinMs }));
  const isAllExpired = states.every((state) => state === "expired");
  for (const [index, certificate] of certificates.entries()) {
    const state = states[index];
    const name = describeCertificate(certificate);
    const expiresAt = certificate.validTo.toISOString();
    if (state === "expired") {
      report({
        severity: isAllExpired ? "broken" : "note",
        check: "ldap/root-ca-expired",
        field: "rootCa",
        message: `the authority ${name} in rootCa expired on ${expiresAt}: ZITADEL rejects the servers whose certificates it signed${isAllExpired ? "" : ", and accepts those of the other authorities in rootCa"}`,
        fix: "set rootCa to the current certificate of the authority",
        change: { field: "rootCa" },
        expiresAt,
      });
    } else if (state === "expiring") {
      report({
        severity: "expires",
        check: "ldap/root-ca-expires",
        field: "rootCa",
        message: `the authority ${name} in rootCa expires on ${expiresAt}: ZITADEL then rejects the servers whose certificates it signed`,
        fix: "add the next certificate of the authority to rootCa before that date",
        change: { field: "rootCa" },
        expiresAt,
      });
    }
  }
}

/** Reports authorities with weak keys or signatures. The signature of a root is not checked, so its algorithm does not matter. */
function reportWeakAuthorities(
  certificates: readonly CertificateInfo[],
  report: CheckContext["report"],
): void {
  const weak = certificates.flatMap((certificate) => {
    const weakness = findWeakness(certificate);
    const isRoot = certificate.issuer === certificate.subject;
    return weakness === undefined || (weakness.part === "signature" && isRoot)
      ? []
      : [{ name: describeCertificate(certificate), weakness }];
  });
  for (const { name, weakness } of weak) {
    report({
      severity: weakness.isRejected && weak.length === certificates.length ? "broken" : "risk",
      check: "ldap/root-ca-weak",
      field: "rootCa",
      message: `the authority ${name} in rootCa ${weakness.text}${weakness.isRejected ? ": ZITADEL rejects the servers whose certificates it signed" : ": others can issue certificates for the servers, and read passwords"}`,
      fix: "create a new authority: RSA with at least 2048 bits or ECDSA, signed with SHA-256",
    });
  }
}
