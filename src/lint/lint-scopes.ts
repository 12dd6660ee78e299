import { reportIf } from "./report-if.js";
import type { ProviderType } from "../providers/model/provider.js";
import { type LintRule, readOptions, readTexts, type RuleFinding } from "./lint-rule.js";

/** The types whose sign-in needs the scopes of OpenID Connect. Entra ID does not: ZITADEL adds `User.Read` for the profile. */
const openIdTypes: ReadonlySet<ProviderType> = new Set([
  "gitlab",
  "gitlabSelfHosted",
  "google",
  "oidc",
  "zitadel",
]);

const appleScopes: readonly string[] = ["openid", "email", "name"];

/** Checks the scopes. An empty list is fine: ZITADEL then requests its defaults. */
export const lintScopes: LintRule = (subject) => {
  const scopes = readTexts(subject.values, "scopes");
  const joined = scopes.flatMap((scope, index) =>
    // GitHub accepts scopes with commas between them.
    scope.includes(",") && !subject.type.startsWith("github") ? [reportJoinedScopes(index)] : [],
  );
  if (joined.length > 0) {
    return joined;
  }
  if (subject.type === "apple") {
    return scopes.flatMap((scope, index) =>
      appleScopes.includes(scope) ? [] : [reportAppleScope(index)],
    );
  }
  if (!openIdTypes.has(subject.type) || scopes.length === 0) {
    return [];
  }
  const { isCreationAllowed, autoLinking } = readOptions(subject);
  const lacks = (scope: string): boolean => !scopes.includes(scope);
  return [
    ...reportIf(lacks("openid"), {
      severity: "note",
      check: "oidc/openid-scope-added",
      path: ["scopes"],
      message: "the scopes do not contain openid; ZITADEL adds it at sign-in",
      fix: "add openid to scopes",
    }),
    ...reportIf(lacks("email") && (isCreationAllowed || autoLinking === "email"), {
      severity: autoLinking === "email" ? "risk" : "note",
      check: "scopes/email-missing",
      path: ["scopes"],
      message:
        autoLinking === "email"
          ? "the scopes do not contain email, so autoLinking gets no address to compare"
          : "the scopes do not contain email, so new users may have to enter their address",
      fix: "add email to scopes",
      change: { field: "scopes" },
    }),
    ...reportIf(lacks("profile") && isCreationAllowed, {
      severity: "note",
      check: "scopes/profile-missing",
      path: ["scopes"],
      message: "the scopes do not contain profile, so new users may have to enter their name",
      fix: "add profile to scopes",
    }),
  ];
};

function reportJoinedScopes(index: number): RuleFinding {
  return {
    severity: "risk",
    check: "scopes/comma",
    path: ["scopes", index],
    message: "the scope has a comma, and providers treat the whole text as one scope",
    fix: "list each scope as an entry of its own",
  };
}

function reportAppleScope(index: number): RuleFinding {
  return {
    severity: "risk",
    check: "oidc/scope-unsupported",
    path: ["scopes", index],
    message: "Apple has no such scope, and can reject sign-ins that ask for it",
    fix: "remove the scope: Apple has openid, email and name",
  };
}
