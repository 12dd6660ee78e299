import type { CheckDescription } from "../../../lint/finding.js";

/** The checks of Entra providers. */
export const entraChecks: Readonly<Record<string, CheckDescription>> = {
  "entra/unreachable": {
    meaning: "Entra does not answer, so the doctor cannot see whether the tenant exists.",
    fix: "Run the check from a machine that reaches login.microsoftonline.com.",
  },
  "entra/unknown-tenant": {
    meaning: "Entra does not know the tenant.",
    fix: "Set `tenant` to the directory id, to a domain of it, or to `common`, `organizations` or `consumers`.",
  },
  "entra/other-tenant": {
    meaning: "The discovery document of the tenant is about another one.",
    fix: "Find out which server answers in place of login.microsoftonline.com.",
  },
  "entra/national-cloud": {
    meaning: "The tenant is in a national cloud. ZITADEL uses the endpoints of the public cloud.",
    fix: "Use the type `oidc` with the issuer of the national cloud.",
  },
  "entra/any-tenant": {
    meaning: "Accounts of all companies, or personal accounts, may sign in.",
    fix: "None needed if this is intended. Otherwise set `tenant` to the id of a directory.",
  },
  "entra/unverified-email": {
    meaning:
      "`emailVerified` makes ZITADEL treat addresses as verified that Entra does not verify. With `common` and `organizations`, anyone can claim any address.",
    fix: "Set `emailVerified` to false, or `tenant` to the id of a directory.",
  },
};
