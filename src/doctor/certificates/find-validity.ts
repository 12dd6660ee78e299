import type { CertificateInfo } from "./read-certificate.js";

/** The state of the dates of a certificate: valid for long, near its end, past it, or before its beginning. */
type Validity = "valid" | "expiring" | "expired" | "not-yet-valid";

/** Returns the state of the dates of a certificate. */
export function findValidity(
  { validFrom, validTo }: Pick<CertificateInfo, "validFrom" | "validTo">,
  { now, withinMs }: { readonly now: Date; readonly withinMs: number },
): Validity {
  if (now > validTo) {
    return "expired";
  }
  if (now < validFrom) {
    return "not-yet-valid";
  }
  return validTo.getTime() - now.getTime() <= withinMs ? "expiring" : "valid";
}
