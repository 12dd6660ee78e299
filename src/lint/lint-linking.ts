import { reportIf } from "./report-if.js";
import type { LintRule, RuleFinding } from "./lint-rule.js";
import { readOptions } from "./lint-rule.js";
import {
  hasManyDirectories,
  rateEmailAddresses,
  rateUserNames,
  type ValueTrust,
} from "./provider-trust.js";

/** Checks if a stranger can take over accounts: by automatic links, or by addresses that count as verified. */
export const lintLinking: LintRule = (subject) => {
  const { autoLinking } = readOptions(subject);
  const { type, values } = subject;
  return [
    ...(autoLinking === "email" ? reportEmail(rateEmailAddresses(subject)) : []),
    ...(autoLinking === "username" ? reportUserName(rateUserNames(subject)) : []),
    ...reportIf(
      type === "azureAd" && values["emailVerified"] === true && hasManyDirectories(values),
      {
        severity: "risk",
        check: "entra/unverified-email",
        path: ["emailVerified"],
        message:
          "emailVerified trusts the addresses of all directories: the administrator of any directory can give a user the address of another person",
        fix: "set tenant to the id of your own directory, or remove emailVerified",
        change: { field: "emailVerified", value: "false" },
      },
    ),
  ];
};

function reportEmail(trust: ValueTrust): RuleFinding[] {
  const finding = {
    check: "linking/unverified-email",
    path: ["options", "autoLinking"],
    fix: "set options.autoLinking: unspecified, so that users link their accounts after they have signed in to both",
    change: { field: "options.autoLinking", value: "unspecified" },
  } as const;
  switch (trust) {
    case "verified":
      return [];
    case "unknown":
      return [
        {
          ...finding,
          severity: "note",
          message:
            "autoLinking by email address is safe only if the provider verifies the addresses of its users, or only its administrators set them",
        },
      ];
    default:
      return [
        {
          ...finding,
          severity: "risk",
          message:
            "autoLinking by email address lets strangers take over accounts: nobody verifies the addresses of this provider, so a stranger can use the address of another person",
        },
      ];
  }
}

function reportUserName(trust: ValueTrust): RuleFinding[] {
  const finding = {
    check: "linking/foreign-username",
    path: ["options", "autoLinking"],
    fix: "set options.autoLinking: unspecified, so that users link their accounts after they have signed in to both",
    change: { field: "options.autoLinking", value: "unspecified" },
  } as const;
  switch (trust) {
    case "verified":
      return [];
    case "unknown":
      return [
        {
          ...finding,
          severity: "note",
          message:
            "autoLinking by user name is safe only if the provider gives each name to the person who has it in ZITADEL",
        },
      ];
    default:
      return [
        {
          ...finding,
          severity: "risk",
          message:
            "autoLinking by user name lets strangers take over accounts: they can get the user name of another person at this provider",
        },
      ];
  }
}
