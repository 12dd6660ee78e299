import { lintApple } from "./lint-apple.js";
import { lintClient } from "./lint-client.js";
import { lintIssuer } from "./lint-issuer.js";
import { lintLdap } from "./lint-ldap.js";
import { lintLinking } from "./lint-linking.js";
import { lintOAuth } from "./lint-oauth.js";
import { lintOptions } from "./lint-options.js";
import { lintOtherTypes } from "./lint-other-types.js";
import type { LintRule, LintSubject, RuleFinding } from "./lint-rule.js";
import { lintSaml } from "./lint-saml.js";
import { lintScopes } from "./lint-scopes.js";
import { lintTexts } from "./lint-texts.js";
import { lintUrls } from "./lint-urls.js";

/** The rules on one provider. */
const rules: readonly LintRule[] = [
  lintOptions,
  lintLinking,
  lintScopes,
  lintIssuer,
  lintUrls,
  lintOAuth,
  lintClient,
  lintApple,
  lintLdap,
  lintSaml,
  lintOtherTypes,
  lintTexts,
];

/**
 * Checks one provider by itself. Sends nothing.
 *
 * @example
 * lintProvider({ type: "google", values: { clientId: "changeme" }, active: true });
 */
export function lintProvider(subject: LintSubject): RuleFinding[] {
  return rules.flatMap((rule) => rule(subject));
}
