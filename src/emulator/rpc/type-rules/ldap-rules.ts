import { create } from "@bufbuild/protobuf";
import type { Duration } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { LDAPAttributesSchema } from "../../../../gen/zitadel/idp_pb.js";
import { hasCertificate } from "../../../formats/x509-certificate.js";
import { serverError } from "../../errors/server-error.js";
import type { ProviderTypeRules } from "../provider-type-definition.js";
import { configOfType } from "./config-of-type.js";

/** The rules of LDAP providers: the stored form of timeouts, and the root CA, which updates compare with that of the add. */
export const ldapRules: ProviderTypeRules = {
  normalize(config) {
    const ldap = configOfType(config, "ldap");
    ldap.attributes ??= create(LDAPAttributesSchema);
    ldap.timeout = limitTimeout(ldap.timeout);
  },
  check(config) {
    const { rootCa } = configOfType(config, "ldap");
    if (rootCa.length > 0 && !hasCertificate(rootCa)) {
      // The server uses the same id for both owners.
      throw serverError(Code.InvalidArgument, "INST-cwqVVdBwKt", "Errors.Invalid.Argument");
    }
  },
  unknownChanges: ["rootCa"],
};

const maxDurationNanos = 2n ** 63n - 1n;

/** Returns a timeout as the server stores it: in nanoseconds, limited to 63 bits. Zero is the same as no timeout. */
function limitTimeout(timeout: Duration | undefined): Duration | undefined {
  const nanos =
    timeout === undefined ? 0n : timeout.seconds * 1_000_000_000n + BigInt(timeout.nanos);
  if (timeout === undefined || nanos === 0n) {
    return undefined;
  }
  const stored =
    nanos > maxDurationNanos
      ? maxDurationNanos
      : nanos < -maxDurationNanos
        ? -maxDurationNanos
        : nanos;
  return { ...timeout, seconds: stored / 1_000_000_000n, nanos: Number(stored % 1_000_000_000n) };
}
