import { reportIf } from "./report-if.js";
import { type LintRule, readText } from "./lint-rule.js";
import { guid } from "../utils/guid.js";

/** Checks mistakes that are specific to one type: Entra ID, JWT and ZITADEL. */
export const lintOtherTypes: LintRule = ({ type, values, active }) => [
  ...reportIf(type === "azureAd" && guid.test(readText(values, "clientSecret")), {
    severity: "broken",
    check: "secret/entra-secret-id",
    path: ["clientSecret"],
    message: "this is the id of a client secret, not its value: Microsoft shows both, side by side",
    fix: "create a new client secret and copy its value, which Microsoft shows only once",
  }),
  ...reportIf(type === "jwt" && readText(values, "audience") === "", {
    severity: "note",
    check: "jwt/any-audience",
    path: ["audience"],
    message: "ZITADEL accepts each JWT that the issuer signs, even one for another application",
    fix: "set audience to a value that only tokens for ZITADEL have",
  }),
  ...reportIf(type === "zitadel" && active === true, {
    severity: "note",
    check: "zitadel/not-offered",
    path: ["active"],
    message:
      "ZITADEL does not yet add providers of this type to a login policy, so activation fails",
    fix: "remove active until ZITADEL supports that",
  }),
];
