import { type LintRule, readText } from "./lint-rule.js";

/** Checks the settings of JWT providers and of other ZITADEL instances. */
export const lintOtherTypes: LintRule = ({ type, values, active }) => {
  if (type === "jwt" && readText(values, "audience") === "") {
    return [
      {
        severity: "note",
        check: "jwt/audience-unchecked",
        path: ["audience"],
        message: "ZITADEL accepts each JWT that the issuer signs, also one for another application",
        fix: "set audience to a value that only tokens for ZITADEL have",
      },
    ];
  }
  return type === "zitadel" && active === true
    ? [
        {
          severity: "note",
          check: "zitadel/not-offered",
          path: ["active"],
          message:
            "ZITADEL does not yet add providers of this type to a login policy, so activation fails",
          fix: "remove active until ZITADEL supports that",
        },
      ]
    : [];
};
