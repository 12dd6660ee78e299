import { reportIf } from "./report-if.js";
import { trim } from "../utils/trim.js";
import { type LintRule, readText } from "./lint-rule.js";
import { changeableUserAttributes } from "./changeable-user-attributes.js";

/** Checks the id attribute and PKCE of OAuth and OpenID Connect providers. */
export const lintOAuth: LintRule = ({ type, values }) => {
  if (type !== "oauth" && type !== "oidc") {
    return [];
  }
  const attribute = trim(readText(values, "idAttribute")).toLowerCase().replace(/[-_]/g, "");
  return [
    ...reportIf(changeableUserAttributes.has(attribute), {
      severity: "risk",
      check: "oauth/id-attribute",
      path: ["idAttribute"],
      message:
        "the attribute can change or be given to another person, who then gets the account of the first person",
      fix: "set idAttribute to an attribute that never changes, such as sub or id",
      change: { field: "idAttribute" },
    }),
    ...reportIf(values["usePkce"] !== true, {
      severity: "note",
      check: "pkce/off",
      path: ["usePkce"],
      message: "without usePkce, only the client secret protects authorization codes",
      fix: "set usePkce: true if the provider supports it",
    }),
  ];
};
