import { create } from "@bufbuild/protobuf";
import { DurationSchema } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import { LDAPAttributesSchema } from "../../../../gen/zitadel/idp_pb.js";
import { hasCertificate } from "../../../formats/x509-certificate.js";
import { toStoredTimeout } from "../../../utils/to-stored-timeout.js";
import { createServerError } from "../../errors/server-error.js";
import type { ProviderTypeRules } from "../provider-type-definition.js";
import { requireConfig } from "./require-config.js";

/** The rules of LDAP providers: the stored form of timeouts, and the root CA, which updates compare with the root CA of the add. */
export const ldapRules: ProviderTypeRules = {
  normalize(config) {
    const ldap = requireConfig(config, "ldap");
    ldap.attributes ??= create(LDAPAttributesSchema);
    const timeout = toStoredTimeout(ldap.timeout);
    ldap.timeout = timeout && create(DurationSchema, timeout);
  },
  check(config) {
    const { rootCa } = requireConfig(config, "ldap");
    if (rootCa.length > 0 && !hasCertificate(rootCa)) {
      // The server uses the same id for both owners.
      throw createServerError(Code.InvalidArgument, "INST-cwqVVdBwKt", "Errors.Invalid.Argument");
    }
  },
  unknownChanges: ["rootCa"],
};
