import type { Severity } from "../../lint/finding.js";
import {
  type CertificateExpectations,
  type CertificateFault,
  findCertificateFault,
  severityOfFault,
} from "./find-certificate-fault.js";
import type { ServedCertificate } from "./served-certificate.js";

/** The problem of the certificate of an HTTPS server. */
export interface CertificateProblem {
  readonly severity: Severity;
  /** The name of the check. */
  readonly check: string;
  /** The fact about the certificate, as a sentence. */
  readonly text: string;
  readonly fix: string;
  readonly expiresAt?: string | undefined;
}

const checks: Readonly<Record<CertificateFault["kind"], string>> = {
  expired: "tls/certificate-expired",
  "not-yet-valid": "tls/certificate-not-yet-valid",
  name: "tls/certificate-name",
  "authority-expired": "tls/authority-expired",
  "chain-incomplete": "tls/chain-incomplete",
  "self-signed": "tls/self-signed",
  "unknown-authority": "tls/unknown-authority",
  weak: "tls/certificate-weak",
  expires: "tls/certificate-expires",
};

/**
 * Returns the problem of the certificate of an HTTPS server. `authorities` are those that the user gave in place of those of this
 * machine. An authority that this machine does not trust is only `unchecked`, because ZITADEL's machine may trust it.
 */
export function findHostCertificateProblem(
  served: ServedCertificate,
  expected: CertificateExpectations,
): CertificateProblem | undefined {
  const fault = findCertificateFault(served, expected);
  if (fault === undefined) {
    return undefined;
  }
  const { kind, label, fact, fix, expiresAt } = fault;
  const check = checks[kind];
  const text = `${label} ${fact}`;
  switch (kind) {
    case "chain-incomplete":
      return {
        severity: "broken",
        check,
        text: `${text}, which browsers load by themselves and ZITADEL does not`,
        fix,
      };
    case "self-signed":
    case "unknown-authority":
      return { check, ...describeDistrust(text, fault, expected.authorities !== undefined) };
    default:
      return { severity: severityOfFault(fault), check, text, fix, expiresAt };
  }
}

/** Describes an authority that is not trusted. If the user named the authorities that ZITADEL trusts, this is certain. */
function describeDistrust(
  text: string,
  { error = "", hint = "", fix }: CertificateFault,
  isChosen: boolean,
): Omit<CertificateProblem, "check"> {
  return isChosen
    ? {
        severity: "broken",
        text: `${text}, which --ca-file does not have (${error})${hint}`,
        fix: "configure ZITADEL's machine to trust this authority too (SSL_CERT_FILE), and add it to --ca-file",
      }
    : {
        severity: "unchecked",
        text: `${text}, which this machine does not trust (${error})${hint}`,
        fix,
      };
}
