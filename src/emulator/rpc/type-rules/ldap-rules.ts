import { create } from "@bufbuild/protobuf";
import { type Duration, DurationSchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { LDAPAttributesSchema } from "../../../../gen/zitadel/idp_pb.js";
import { hasCertificate } from "../../../formats/x509-certificate.js";
import { limitDuration } from "../../../utils/limit-duration.js";
import { serverError } from "../../errors/server-error.js";
import type { ProviderTypeRules } from "../provider-type-definition.js";
import { configOfType, currentConfig } from "./config-of-type.js";

/** The rules of LDAP providers: the stored form of timeouts, and the root CA. */
export const ldapRules: ProviderTypeRules = {
  normalize(config) {
    const ldap = configOfType(config, "ldap");
    ldap.attributes ??= create(LDAPAttributesSchema);
    ldap.timeout = storeTimeout(ldap.timeout);
  },
  check(config) {
    const { rootCa } = configOfType(config, "ldap");
    if (rootCa.length > 0 && !hasCertificate(rootCa)) {
      // The server uses the same id for both owners.
      throw serverError(Code.InvalidArgument, "INST-cwqVVdBwKt", "Errors.Invalid.Argument");
    }
  },
  /**
   * Counts each root CA that differs from that of the add as a change, even an omitted one and one that is already stored. Only a
   * root CA that differs and is not omitted replaces the stored one.
   */
  keepStoredValues({ next, stored }) {
    const ldap = configOfType(next.config, "ldap");
    const { rootCa: addedRootCa } = configOfType(stored.added.config, "ldap");
    const isOther = !areBytesEqual(ldap.rootCa, addedRootCa);
    if (!isOther || ldap.rootCa.length === 0) {
      ldap.rootCa = configOfType(currentConfig(stored.view), "ldap").rootCa;
    }
    return isOther;
  },
};

/** Returns a timeout as the server stores it. Zero is the same as no timeout. */
function storeTimeout(timeout: Duration | undefined): Duration | undefined {
  const isZero = timeout === undefined || (timeout.seconds === 0n && timeout.nanos === 0);
  return isZero ? undefined : create(DurationSchema, limitDuration(timeout));
}

function areBytesEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
