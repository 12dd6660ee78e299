import type { SamlEntity } from "../../../formats/saml-entity.js";
import { isCertificate } from "../../../formats/x509-certificate.js";
import { fromBase64 } from "../../../utils/from-base64.js";
import { describeCertificate } from "../../certificates/describe-certificate.js";
import { findWeakness } from "../../certificates/find-weakness.js";
import { findValidity } from "../../certificates/find-validity.js";
import { type CertificateInfo, readCertificate } from "../../certificates/read-certificate.js";
import type { CheckContext } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { describeMetadataReload } from "./describe-metadata-reload.js";

const field = "metadataXml";

/**
 * Checks the signing certificates of the provider. ZITADEL accepts a response only if it is signed with one of them while that certificate
 * is valid, and rejects all responses if it cannot read one of them. It does not use encryption certificates.
 */
export function checkSamlCertificates(
  provider: CheckedProvider,
  { certificates }: SamlEntity,
  context: CheckContext,
): void {
  const reload = describeMetadataReload(provider);
  const { report } = context;
  const signing = certificates.filter(({ use }) => use !== "encryption");
  if (signing.length === 0) {
    report({
      severity: "broken",
      check: "saml/signing-certificate-missing",
      field,
      message: "the metadata has no signing certificate, so ZITADEL rejects every response",
      fix: reload,
    });
    return;
  }
  const read = signing.map(({ base64 }) => readBase64(base64));
  const unreadable = read.filter((each) => each === undefined).length;
  if (unreadable > 0) {
    report({
      severity: "broken",
      check: "saml/certificate-unreadable",
      field,
      message: `${unreadable} of ${signing.length} signing certificates in the metadata cannot be read, so ZITADEL rejects every response`,
      fix: reload,
    });
  }
  const readable = read.filter((each) => each !== undefined);
  checkDates(readable, reload, context);
  checkKeys(readable, context);
}

/** Reports signing certificates with keys that ZITADEL cannot use, and with weak keys or signatures. */
function checkKeys(certificates: readonly CertificateInfo[], { report }: CheckContext): void {
  const hasUsableKey = certificates.some(hasVerifiableKey);
  for (const certificate of certificates) {
    const weakness = findWeakness(certificate);
    const name = `the signing certificate ${describeCertificate(certificate)}`;
    if (!hasVerifiableKey(certificate)) {
      report({
        severity: hasUsableKey ? "risk" : "broken",
        check: "saml/key-unsupported",
        field,
        message: `${name} has a key of the type ${describeKeyType(certificate)}: ZITADEL verifies signatures of RSA and ECDSA (P-256, P-384, P-521) only, and rejects responses that are signed with this key`,
        fix: "configure the provider to sign with an RSA key of at least 2048 bits, or an EC key on P-256",
      });
    } else if (weakness !== undefined) {
      report({
        severity: "risk",
        check: "saml/certificate-weak",
        field,
        message: `${name} ${weakness.text}${weakness.part === "key" ? ": anyone who computes it can sign in as any user" : ""}`,
        fix: "configure the provider to sign with a new key: RSA with at least 2048 bits, and a certificate with SHA-256",
      });
    }
  }
}

/** The OpenSSL names of the curves that Go supports. */
const knownCurves: ReadonlySet<string> = new Set([
  "secp224r1",
  "prime256v1",
  "secp384r1",
  "secp521r1",
]);

/** Returns true for a key whose signatures ZITADEL can verify: goxmldsig supports RSA, and ECDSA on the four curves of Go. */
function hasVerifiableKey({ keyType, keyCurve }: CertificateInfo): boolean {
  return keyType === "rsa" || (keyType === "ec" && knownCurves.has(keyCurve ?? ""));
}

function describeKeyType({ keyType, keyCurve }: CertificateInfo): string {
  return keyCurve === undefined ? keyType : `${keyType} (${keyCurve})`;
}

function readBase64(base64: string): CertificateInfo | undefined {
  try {
    const der = fromBase64(base64);
    return isCertificate(der) ? readCertificate(der) : undefined;
  } catch {
    // Not base64.
    return undefined;
  }
}

function checkDates(
  certificates: readonly CertificateInfo[],
  reload: string,
  context: CheckContext,
): void {
  const states = certificates.map((each) => ({
    certificate: each,
    state: findValidity(each, context),
  }));
  const isUsable = states.some(({ state }) => state === "valid" || state === "expiring");
  const isRenewed = states.some(({ state }) => state === "valid");
  for (const { certificate, state } of states) {
    const name = describeCertificate(certificate);
    const expiresAt = certificate.validTo.toISOString();
    if (state === "expired") {
      context.report({
        severity: isUsable ? "note" : "broken",
        check: "saml/certificate-expired",
        field,
        message: `the signing certificate ${name} expired on ${expiresAt}: ZITADEL rejects responses that are signed with it${isUsable ? ", but accepts another certificate" : ""}`,
        fix: `renew the certificate at the provider, then ${reload}`,
        expiresAt,
      });
    } else if (state === "not-yet-valid") {
      context.report({
        severity: isUsable ? "note" : "broken",
        check: "saml/certificate-not-yet-valid",
        field,
        message: `the signing certificate ${name} is valid only from ${certificate.validFrom.toISOString()}: ZITADEL rejects responses that are signed with it until then`,
        fix: "configure the provider to sign with a certificate that is valid",
      });
    } else if (state === "expiring") {
      context.report({
        severity: isRenewed ? "note" : "expires",
        check: "saml/certificate-expires",
        field,
        message: `the signing certificate ${name} expires on ${expiresAt}: ZITADEL rejects responses that are signed with it from then on${isRenewed ? "; the metadata has a later one already" : ""}`,
        fix: `renew the certificate at the provider before that date, then ${reload}`,
        expiresAt,
      });
    }
  }
}
