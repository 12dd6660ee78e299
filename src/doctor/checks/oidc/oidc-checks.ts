import type { CheckDescription } from "../../../lint/finding.js";
import { describeKeyChecks } from "../jwks/describe-key-checks.js";

/** The checks of providers that are based on OpenID Connect. */
export const oidcChecks: Readonly<Record<string, CheckDescription>> = {
  "oidc/issuer-invalid": {
    meaning: "The issuer is not a URL.",
    fix: "Copy the issuer from the discovery document of the provider.",
  },
  "oidc/discovery-unreachable": {
    meaning:
      "The discovery document does not load from the URL that ZITADEL uses: the issuer with `/.well-known/openid-configuration`.",
    fix: "Correct the issuer, or make its server reachable from ZITADEL.",
  },
  "oidc/discovery-invalid": {
    meaning: "The discovery document is not JSON, or has members of a wrong type.",
    fix: "Correct the issuer, so that its URL serves a discovery document.",
  },
  "oidc/discovery-redirected": {
    meaning: "The URL of the discovery document redirects, which ZITADEL follows.",
    fix: "None needed.",
  },
  "oidc/issuer-mismatch": {
    meaning:
      "The issuer in the discovery document is not the one of the provider. ZITADEL compares them letter by letter; a slash at the end is the most frequent difference.",
    fix: "Copy the issuer from the discovery document.",
  },
  "oidc/issuer-without-tls": {
    meaning: "The issuer begins with `http:`, so others on the network path can replace the keys.",
    fix: "Serve the provider over `https:`.",
  },
  "oidc/endpoint-missing": {
    meaning: "The discovery document lacks an endpoint that ZITADEL needs.",
    fix: "Correct the issuer. Without a userinfo endpoint, set `isIdTokenMapping` to read the user from the ID token.",
  },
  "oidc/endpoint-invalid": {
    meaning: "An endpoint of the discovery document is not a URL.",
    fix: "Correct the configuration of the provider's server.",
  },
  "oidc/endpoint-without-tls": {
    meaning: "An endpoint of the discovery document begins with `http:`.",
    fix: "Configure the public address of the provider's server.",
  },
  "oidc/endpoint-hosts": {
    meaning: "The endpoints are on other hosts than the issuer.",
    fix: "If a firewall or a proxy limits ZITADEL, allow these hosts too.",
  },
  "oidc/endpoint-unreachable": {
    meaning: "The server of an endpoint does not answer.",
    fix: "Correct the configuration of the provider's server, or make the host reachable.",
  },
  "oidc/endpoint-failing": {
    meaning:
      "The token or userinfo endpoint does not answer as it should: it does not exist, its server fails, or it answers with a page.",
    fix: "Correct the configuration of the provider's server.",
  },
  "oidc/private-address": {
    meaning:
      "The discovery document of a public server names a private address, to which no request was sent.",
    fix: "Correct the address, or pass `--allow-private`.",
  },
  "oidc/code-unsupported": {
    meaning: "The provider does not support the authorization code flow, which ZITADEL uses.",
    fix: "Enable it at the provider.",
  },
  "oidc/pkce-unsupported": {
    meaning: "ZITADEL sends a PKCE challenge with S256, which the provider does not support.",
    fix: "Enable S256 at the provider, or set `usePkce` to false.",
  },
  "oidc/pkce-not-listed": {
    meaning: "ZITADEL sends a PKCE challenge, and the provider does not state if it supports PKCE.",
    fix: "None needed if the documentation of the provider says that it supports PKCE.",
  },
  "oidc/id-token-algorithm": {
    meaning:
      "The provider signs ID tokens with algorithms that ZITADEL does not accept. It accepts RS256, ES256 and PS256.",
    fix: "Configure the provider to sign with RS256.",
  },
  "oidc/client-authentication": {
    meaning: "The token endpoint does not accept a client secret.",
    fix: "Allow `client_secret_basic` or `client_secret_post` for the client.",
  },
  "oidc/scope-unsupported": {
    meaning: "The provider does not list a scope that ZITADEL requests.",
    fix: "Remove the scope from `scopes`, or enable it at the provider.",
  },
  "oidc/openid-scope-added": {
    meaning: "The scopes lack `openid`, which ZITADEL adds.",
    fix: "None needed.",
  },
  ...describeKeyChecks("oidc"),
};
