import { reportIf } from "./report-if.js";
import { type LintRule, readOptions } from "./lint-rule.js";
import { isPublicProvider } from "./provider-trust.js";

/** Checks that the options for the accounts of users fit each other. */
export const lintOptions: LintRule = (subject) => {
  const options = readOptions(subject);
  const { isLinkingAllowed, isCreationAllowed, isAutoCreation, isAutoUpdate, autoLinking } =
    options;
  const isLinkedAutomatically = autoLinking !== "unspecified";
  const canEnter = isLinkingAllowed || isCreationAllowed || isLinkedAutomatically;
  return [
    ...reportIf(!canEnter && subject.active !== false, {
      severity: subject.active === true ? "broken" : "note",
      check: "options/nobody-can-enter",
      path: ["options"],
      message:
        "new users cannot sign in: isLinkingAllowed and isCreationAllowed are both off, so only users who already have a link get in",
      fix: "set options.isCreationAllowed: true to let new users get an account, or options.isLinkingAllowed: true to let users link the account they have",
      change: { field: "options.isCreationAllowed", value: "true" },
    }),
    ...reportIf(isAutoCreation && !isCreationAllowed, {
      severity: "risk",
      check: "options/auto-creation-not-allowed",
      path: ["options", "isAutoCreation"],
      message:
        "isAutoCreation has no effect while isCreationAllowed is off: new users get no account",
      fix: "set options.isCreationAllowed: true, or remove options.isAutoCreation",
      change: { field: "options.isCreationAllowed", value: "true" },
    }),
    ...reportIf(isLinkedAutomatically && !isLinkingAllowed, {
      severity: "risk",
      check: "options/auto-linking-not-allowed",
      path: ["options", "autoLinking"],
      message:
        "autoLinking is set while isLinkingAllowed is off: some versions of the login page link accounts nevertheless, others do not",
      fix: "set options.isLinkingAllowed: true, or options.autoLinking: unspecified",
      change: { field: "options.isLinkingAllowed", value: "true" },
    }),
    ...reportIf(
      isLinkingAllowed && isCreationAllowed && !isAutoCreation && !isLinkedAutomatically,
      {
        severity: "note",
        check: "options/asks-each-new-user",
        path: ["options"],
        message: "ZITADEL asks each new user to create an account or to link one",
        fix: "set options.isAutoCreation: true, or options.autoLinking, if users need no choice",
      },
    ),
    ...reportIf(isAutoUpdate, {
      severity: "note",
      check: "options/auto-update-overwrites",
      path: ["options", "isAutoUpdate"],
      message:
        "each sign-in replaces the profile with that of the provider, so edits in ZITADEL are lost",
      fix: "remove options.isAutoUpdate if profiles are edited in ZITADEL",
    }),
    ...reportIf(isCreationAllowed && isPublicProvider(subject), {
      severity: "note",
      check: "options/open-to-everyone",
      path: ["options", "isCreationAllowed"],
      message: "everyone with an account at this public provider can create an account in ZITADEL",
      fix: "remove options.isCreationAllowed, or require a role in the applications",
    }),
  ];
};
