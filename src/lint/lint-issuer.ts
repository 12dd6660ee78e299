import type { ProviderType } from "../providers/model/provider.js";
import { parseUrl } from "../utils/parse-url.js";
import { trim } from "../utils/trim.js";
import { type LintRule, readText, type RuleFinding } from "./lint-rule.js";

/** The types whose issuer ZITADEL compares with that of the discovery document. */
const discoveredTypes: ReadonlySet<ProviderType> = new Set(["gitlabSelfHosted", "oidc", "zitadel"]);

/** Checks the issuer: ZITADEL accepts only the exact text that the provider's discovery document has. */
export const lintIssuer: LintRule = ({ type, values }) => {
  const issuer = trim(readText(values, "issuer"));
  if (!discoveredTypes.has(type) || issuer === "") {
    return [];
  }
  const url = parseUrl(issuer);
  if (url === undefined) {
    return [
      {
        severity: "broken",
        check: "oidc/issuer-invalid",
        path: ["issuer"],
        message: "the issuer is not a URL, so ZITADEL cannot load the discovery document",
        fix: "copy issuer from the provider's discovery document: it begins with https://",
        change: { field: "issuer" },
      },
    ];
  }
  const { pathname } = url;
  if (pathname.includes("/.well-known/")) {
    return [
      reportMismatch(
        "the value is the URL of the discovery document, but ZITADEL appends /.well-known/openid-configuration itself",
        "end issuer before /.well-known",
      ),
    ];
  }
  if (type === "zitadel" && issuer !== url.origin) {
    return [
      reportMismatch(
        "an issuer of ZITADEL has no path and no slash at its end, and ZITADEL compares it exactly",
        `set issuer: ${url.origin}`,
      ),
    ];
  }
  const host = url.hostname;
  if (entraHosts.has(host) && /^\/(?:common|organizations|consumers)(?:\/|$)/.test(pathname)) {
    return [
      reportMismatch(
        "tokens have the issuer of the user's tenant, so ZITADEL rejects them all",
        "use type: azureAd, or the issuer of one tenant: https://login.microsoftonline.com/TENANT-ID/v2.0",
      ),
    ];
  }
  const hasSlash = issuer.endsWith("/");
  const exact = describeExactIssuer(host, pathname, hasSlash);
  return exact === undefined
    ? []
    : [
        reportMismatch(
          `the issuer that the provider states differs, and ZITADEL compares both exactly: ${exact}`,
          "copy issuer from the provider's discovery document",
        ),
      ];
};

function reportMismatch(message: string, fix: string): RuleFinding {
  return {
    severity: "broken",
    check: "oidc/issuer-mismatch",
    path: ["issuer"],
    message,
    fix,
    change: { field: "issuer" },
  };
}

const entraHosts: ReadonlySet<string> = new Set([
  "login.microsoftonline.com",
  "login.microsoftonline.us",
  "login.partner.microsoftonline.cn",
]);

/** Returns the difference to the exact issuer of a well-known provider. Undefined for other providers, and if there is none. */
function describeExactIssuer(
  host: string,
  pathname: string,
  hasSlash: boolean,
): string | undefined {
  const isRoot = pathname === "/";
  if (host.endsWith(".auth0.com") && isRoot && !hasSlash) {
    return "an issuer of Auth0 ends with a slash";
  }
  if (entraHosts.has(host) && !/^\/[^/]+\/v2\.0$/.test(pathname)) {
    return "an issuer of Entra ID ends with /v2.0";
  }
  if (!hasSlash) {
    return undefined;
  }
  if (isRoot && (host === "accounts.google.com" || host === "gitlab.com")) {
    return "it has no slash at its end";
  }
  if (/\.(?:okta|oktapreview|okta-emea)\.com$/.test(host)) {
    return "an issuer of Okta has no slash at its end";
  }
  return /\/realms\/[^/]+\/$/.test(pathname)
    ? "an issuer of Keycloak has no slash at its end"
    : undefined;
}
