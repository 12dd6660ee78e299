import type { CheckDescription } from "../lint/finding.js";
import { lintChecks } from "../lint/lint-checks.js";
import { appleChecks } from "./checks/apple/apple-checks.js";
import { callbackChecks } from "./checks/callback/callback-checks.js";
import { oauthChecks } from "./checks/oauth/oauth-checks.js";
import { secretChecks } from "./checks/secret/secret-checks.js";
import { expiryChecks } from "./expiry/expiry-checks.js";
import { ldapChecks } from "./checks/ldap/ldap-checks.js";
import { tlsChecks } from "./checks/tls/tls-checks.js";
import { samlChecks } from "./checks/saml/saml-checks.js";
import { versionChecks } from "./checks/version/version-checks.js";
import { entraChecks } from "./checks/entra/entra-checks.js";
import { jwtChecks } from "./checks/jwt/jwt-checks.js";
import { oidcChecks } from "./checks/oidc/oidc-checks.js";

/** All checks by name, with their meaning and fix. docs/checks.md lists them. */
export const checkCatalogue: Readonly<Record<string, CheckDescription>> = {
  ...lintChecks,
  "doctor/failed": {
    meaning: "A check failed because of a bug in this program, so its result is unknown.",
    fix: "Report the bug with the output of --debug.",
  },
  "doctor/unreadable": {
    meaning: "Providers, login policies or other data could not be read from ZITADEL.",
    fix: "Use a service user with the role that the finding names.",
  },
  ...appleChecks,
  ...callbackChecks,
  ...oauthChecks,
  ...secretChecks,
  ...expiryChecks,
  ...samlChecks,
  ...ldapChecks,
  ...versionChecks,
  ...oidcChecks,
  ...entraChecks,
  ...jwtChecks,
  ...tlsChecks,
};
