import { parseUrl } from "../../../utils/parse-url.js";
import type { NewFinding } from "../../check-context.js";
import { describeUpdate } from "../../describe-update.js";
import { quoteAnswer } from "../../quote-answer.js";
import { isAllowedHttp } from "../../upstream/upstream.js";
import type { DiscoveredProvider } from "./discovered-provider.js";
import { explainDifference } from "./explain-difference.js";

/** Checks that the discovery document has exactly the issuer of the provider, and that the issuer is an https: URL. */
export function checkDiscoveredIssuer(discovered: DiscoveredProvider): void {
  const { issuer, field, metadata, context } = discovered;
  const url = parseUrl(issuer);
  if (url?.protocol === "http:" && !isAllowedHttp(url, context.allowPrivate)) {
    context.report({
      severity: "risk",
      check: "oidc/issuer-without-tls",
      field,
      message: `the issuer ${issuer} has no TLS: an attacker who changes its answers on the network path can replace the keys, and sign in as any user`,
      fix: "serve the provider over https: and change the issuer on both sides",
      change: field && { field },
    });
  }
  if (metadata.issuer === issuer) {
    return;
  }
  context.report({
    severity: "broken",
    check: "oidc/issuer-mismatch",
    field,
    message: describeMismatch(issuer, metadata.issuer),
    ...describeFix(discovered),
  });
}

function describeMismatch(issuer: string, actual: string | undefined): string {
  const rule = "ZITADEL compares them letter by letter, so nobody can sign in";
  if (actual === undefined) {
    return `the discovery document has no issuer, but the provider in ZITADEL has ${quoteAnswer(issuer)}; ${rule}`;
  }
  const difference = explainDifference(issuer, actual);
  return `the discovery document has the issuer ${quoteAnswer(actual)}, but the provider in ZITADEL has ${quoteAnswer(issuer)}${
    difference === undefined ? "" : `: they differ in ${difference}`
  }; ${rule}`;
}

function describeFix({
  provider,
  issuer,
  field,
  metadata,
}: DiscoveredProvider): Pick<NewFinding, "fix" | "change"> {
  const { issuer: actual } = metadata;
  if (field === undefined) {
    return {
      fix: `find out which server answers in place of ${issuer}: a proxy, the DNS or a test server`,
    };
  }
  const change = { field };
  if (actual?.includes("{tenantid}")) {
    return {
      fix: "use the type azureAd, or the issuer of one tenant: https://login.microsoftonline.com/TENANT-ID/v2.0",
      change,
    };
  }
  if (actual === undefined || parseUrl(actual) === undefined) {
    return { fix: "correct the issuer in the configuration of the provider's server", change };
  }
  if (parseUrl(actual)?.hostname !== parseUrl(issuer)?.hostname) {
    return {
      fix: "find out which of the two issuers is right: correct issuer if it is a mistake, but use the other issuer only if the documentation of the provider names it",
      change,
    };
  }
  return actual.startsWith("http:") && issuer.startsWith("https:")
    ? {
        fix: "configure the public address of the provider's server, e.g. with X-Forwarded-Proto from the proxy in front of it, so that its issuer begins with https:",
        change,
      }
    : { fix: describeUpdate(provider, "issuer", actual) };
}
