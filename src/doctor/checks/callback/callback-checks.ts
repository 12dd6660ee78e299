import type { CheckDescription } from "../../../lint/finding.js";

/** The checks of redirect URIs. They send authorization requests that need no user. */
export const callbackChecks: Readonly<Record<string, CheckDescription>> = {
  "callback/redirect-uris": {
    meaning:
      "The URLs of this instance to which the provider sends users back, for both versions of the login page on each domain.",
    fix: "Register them at the provider, exactly as they are.",
  },
  "callback/mismatch": {
    meaning:
      "The provider does not know a redirect URI of this instance. Users who sign in with it see an error page of the provider. It is only a risk if some login pages are not affected.",
    fix: "Register the redirect URI at the provider, exactly as it is.",
  },
  "callback/unknown-client": {
    meaning: "The provider does not know the client id.",
    fix: "Copy the client id from the provider again.",
  },
  "callback/any-redirect-uri": {
    meaning:
      "The provider accepts any redirect URI, so an attacker can have the authorization codes of users sent to another server. The check tries https://zitadel-idp-doctor.invalid/callback.",
    fix: "Replace the wildcard at the provider with the redirect URIs of this instance.",
  },
  "callback/scope-rejected": {
    meaning: "The provider rejects the scopes that ZITADEL requests.",
    fix: "Remove the scopes that the provider does not support, or allow them for the client.",
  },
  "callback/pkce-required": {
    meaning: "The provider requires PKCE, which the provider in ZITADEL does not use.",
    fix: "Set usePkce to true.",
  },
  "callback/request-rejected": {
    meaning: "The provider does not allow the client to use the authorization code flow.",
    fix: "Allow the authorization code flow for the client at the provider.",
  },
  "callback/endpoint-missing": {
    meaning: "The authorization endpoint does not exist, or its server fails.",
    fix: "Correct the issuer or the authorization endpoint.",
  },
  "callback/unconfirmed": {
    meaning:
      "The provider shows its login page before it checks the redirect URI, so the check proves nothing.",
    fix: "Compare the redirect URIs with those registered at the provider, or test a sign-in.",
  },
  "callback/unchecked": {
    meaning: "The redirect URIs could not be checked.",
    fix: "Resolve the reason in the message.",
  },
};
