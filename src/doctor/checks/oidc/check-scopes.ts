import type { Severity } from "../../../lint/finding.js";
import type { NewFinding } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { describeUpdate } from "../../describe-update.js";
import type { DiscoveredProvider } from "./discovered-provider.js";
import { findRequestedScopes } from "./requested-scopes.js";

/** The types whose servers answer an unknown scope with `invalid_scope`, so nobody can sign in. Most servers ignore it. */
const strictTypes: ReadonlySet<CheckedProvider["type"]> = new Set([
  "apple",
  "gitlab",
  "gitlabSelfHosted",
]);

/** Checks that the discovery document lists the scopes that ZITADEL requests. */
export function checkScopes({ provider, metadata, context }: DiscoveredProvider): void {
  const { configured, requested } = findRequestedScopes(provider);
  if (configured.length > 0 && !configured.includes("openid")) {
    context.report({
      severity: "note",
      check: "oidc/openid-scope-added",
      field: "scopes",
      message: "the scopes lack openid, which every OpenID Connect request needs; ZITADEL adds it",
      fix: describeUpdate(provider, "scopes", ["openid", ...configured]),
    });
  }
  const { scopes_supported: supported } = metadata;
  if (supported === undefined) {
    return;
  }
  const missing = requested.filter((scope) => !supported.includes(scope));
  const relevant = missing.filter((scope) => isLikelyProblem(provider.type, scope, configured));
  for (const [severity, scopes] of [
    [strictTypes.has(provider.type) ? "broken" : "risk", relevant],
    ["note", missing.filter((scope) => !relevant.includes(scope))],
  ] as const satisfies readonly (readonly [Severity, readonly string[]])[]) {
    if (scopes.length > 0) {
      context.report({
        severity,
        check: "oidc/scope-unsupported",
        field: "scopes",
        message: describeMissing(scopes, severity, configured.length === 0),
        ...(severity === "note"
          ? { fix: "nothing to do if sign-in works" }
          : describeScopesFix(provider, requested, supported)),
      });
    }
  }
}

/**
 * Returns true for an unlisted scope that is likely a problem. ZITADEL's default scopes work with most servers, and scopes with a colon or
 * a slash belong to APIs, whose scopes documents rarely list.
 */
function isLikelyProblem(
  type: CheckedProvider["type"],
  scope: string,
  configured: readonly string[],
): boolean {
  return strictTypes.has(type) || (configured.includes(scope) && !/[:/]/.test(scope));
}

function describeScopesFix(
  provider: CheckedProvider,
  requested: readonly string[],
  supported: readonly string[],
): Pick<NewFinding, "fix" | "change"> {
  const scopes = requested.filter((scope) => supported.includes(scope));
  return scopes.length === 0
    ? { fix: "enable these scopes at the provider" }
    : {
        fix: `enable these scopes at the provider, or leave them out: ${describeUpdate(provider, "scopes", scopes)}`,
      };
}

function describeMissing(
  scopes: readonly string[],
  severity: Severity,
  areDefaults: boolean,
): string {
  const names = `the discovery document does not list the ${scopes.length === 1 ? "scope" : "scopes"} ${scopes.join(", ")}${
    areDefaults ? ", which ZITADEL requests by default" : ""
  }`;
  switch (severity) {
    case "broken":
      return `${names}; this provider rejects unknown scopes, so nobody can sign in`;
    case "risk":
      return `${names}; the provider may reject the sign-in with invalid_scope, or leave out the claims`;
    default:
      return `${names}; most providers ignore such scopes`;
  }
}
