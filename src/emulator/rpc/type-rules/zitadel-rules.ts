import { Code } from "@connectrpc/connect";
import { trim } from "../../../utils/trim.js";
import { errorIds, pickErrorId } from "../../errors/error-ids.js";
import { serverError } from "../../errors/server-error.js";
import type { ProviderTypeRules } from "../provider-type-definition.js";
import { configOfType } from "./config-of-type.js";

/** The rules of ZITADEL providers: the role mappings, and updates that the server compares with the add. */
export const zitadelRules: ProviderTypeRules = {
  unknownChanges: "all",
  canEmptyLists: true,
  check(config, _request, { owner }) {
    for (const { organizationId, organizationDomain } of configOfType(config, "zitadel")
      .instanceRolesInfo) {
      const blank =
        trim(organizationId) === ""
          ? errorIds("9uEJaM", "M0QmjB")
          : trim(organizationDomain) === ""
            ? errorIds("y4Ib4D", "HAELEz")
            : undefined;
      if (blank !== undefined) {
        throw serverError(
          Code.InvalidArgument,
          pickErrorId(owner, blank),
          "Errors.Invalid.Argument",
        );
      }
    }
  },
};
