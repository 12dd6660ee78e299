import type { CertificateInfo } from "./read-certificate.js";

/** The validity of a certificate today. `expiring`: valid, but only within the time of the options. */
type Validity = "valid" | "expiring" | "expired" | "not-yet-valid";

/** Returns the validity of a certificate. `withinMs` is the time before its end in which it counts as `expiring`. */
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
