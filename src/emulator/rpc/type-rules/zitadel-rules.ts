import { Code } from "@connectrpc/connect";
import { trim } from "../../../utils/trim.js";
import { type ErrorIds, errorIds, pickErrorId } from "../../errors/error-ids.js";
import { createServerError } from "../../errors/server-error.js";
import type { StoredOwner } from "../../store/stored-owner.js";
import type { ProviderTypeRules } from "../provider-type-definition.js";
import { requireConfig } from "./require-config.js";

/** The rules of ZITADEL providers: the role mappings, and updates that the server compares with the add. */
export const zitadelRules: ProviderTypeRules = {
  unknownChanges: "all",
  canEmptyLists: true,
  check(config, _request, { owner }) {
    for (const mapping of requireConfig(config, "zitadel").instanceRolesInfo) {
      requireText(owner, mapping.organizationId, errorIds("9uEJaM", "M0QmjB"));
      requireText(owner, mapping.organizationDomain, errorIds("y4Ib4D", "HAELEz"));
    }
  },
};

/** Throws the server's error for a blank text. */
function requireText(owner: StoredOwner, text: string, ids: ErrorIds): void {
  if (trim(text) === "") {
    throw createServerError(
      Code.InvalidArgument,
      pickErrorId(owner, ids),
      "Errors.Invalid.Argument",
    );
  }
}
