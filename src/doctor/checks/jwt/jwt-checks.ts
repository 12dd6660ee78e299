import type { CheckDescription } from "../../../lint/finding.js";
import { describeKeyChecks } from "../jwks/describe-key-checks.js";

/** The checks of JWT providers. */
export const jwtChecks: Readonly<Record<string, CheckDescription>> = {
  "jwt/header-name": {
    meaning:
      "The header cannot carry the token: its name is not allowed, it has another meaning, or proxies remove it.",
    fix: "Set `headerName` to `Authorization`, or to a header of your own such as `X-Auth-Token`.",
  },
  "jwt/endpoint-invalid": {
    meaning: "`keysEndpoint` or `jwtEndpoint` is not a URL.",
    fix: "Correct the URL.",
  },
  "jwt/endpoint-without-tls": {
    meaning:
      "An endpoint begins with `http:`, so others on the network path can change its answers.",
    fix: "Serve it over `https:`.",
  },
  "jwt/endpoint-unreachable": {
    meaning: "The page to which ZITADEL sends users does not answer, or not as a page does.",
    fix: "Correct `jwtEndpoint`, or start its server.",
  },
  "jwt/issuer-not-url": {
    meaning: "The issuer is not a URL. It may still be right: tokens may have any text as issuer.",
    fix: "Compare it with the claim `iss` of a token.",
  },
  "jwt/issuer-mismatch": {
    meaning: "The discovery document of the issuer has another issuer.",
    fix: "Compare both with the claim `iss` of a token, and correct `issuer`.",
  },
  "jwt/other-keys": {
    meaning: "The discovery document of the issuer names another URL for the keys.",
    fix: "None needed if both serve the same keys.",
  },
  "jwt/any-audience": {
    meaning: "Without `audience`, ZITADEL accepts tokens that were made for other applications.",
    fix: "Set `audience` to the claim `aud` of the tokens for ZITADEL.",
  },
  ...describeKeyChecks("jwt"),
};
