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
    ...(autoLinking === "email" ? reportLinking("email", rateEmailAddresses(subject)) : []),
    ...(autoLinking === "username" ? reportLinking("username", rateUserNames(subject)) : []),
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

/** The checks of automatic links: their names, and their messages by the trust in the compared value. */
const linkingChecks = {
  email: {
    check: "linking/unverified-email",
    unknown:
      "autoLinking by email address is safe only if the provider verifies the addresses of its users, or only its administrators set them",
    claimed:
      "autoLinking by email address lets strangers take over accounts: nobody verifies the addresses of this provider, so a stranger can use the address of another person",
  },
  username: {
    check: "linking/foreign-username",
    unknown:
      "autoLinking by user name is safe only if the provider gives each name to the person who has it in ZITADEL",
    claimed:
      "autoLinking by user name lets strangers take over accounts: they can get the user name of another person at this provider",
  },
} as const;

function reportLinking(by: keyof typeof linkingChecks, trust: ValueTrust): RuleFinding[] {
  if (trust === "verified") {
    return [];
  }
  const texts = linkingChecks[by];
  return [
    {
      severity: trust === "unknown" ? "note" : "risk",
      check: texts.check,
      path: ["options", "autoLinking"],
      message: texts[trust],
      fix: "set options.autoLinking: unspecified, so that users link their accounts after they have signed in to both",
      change: { field: "options.autoLinking", value: "unspecified" },
    },
  ];
}
