import type { Finding } from "../lint/finding.js";
import { sort } from "../utils/sort.js";
import type { DraftFinding } from "./draft-finding.js";
import { addFixCommand } from "./add-fix-command.js";

const severities: readonly Finding["severity"][] = [
  "broken",
  "risk",
  "expires",
  "unchecked",
  "note",
];

/** The network checks that report a URL without TLS, like the lint rule `url/plain-http`, but in more detail. */
const tlsChecks: ReadonlySet<string> = new Set([
  "jwt/endpoint-without-tls",
  "oauth/insecure-endpoint",
  "oidc/endpoint-without-tls",
  "oidc/issuer-without-tls",
  "saml/metadata-url-no-tls",
]);

/** The lint rules that guess facts from names of hosts and scopes. The discovery document of the provider shows these facts. */
const guesses: ReadonlySet<string> = new Set(["oidc/issuer-mismatch", "oidc/scope-unsupported"]);

/**
 * Merges the findings of all checks. Groups them by owner and provider, the worst of each first. Leaves out findings of lint rules if a
 * network check has found the same fact, or could replace a guess with a fact. Adds the commands of the fixes.
 */
export function mergeFindings(
  ofChecks: readonly DraftFinding[],
  ofLint: readonly DraftFinding[],
): Finding[] {
  const known = new Set(ofChecks.flatMap(listFactKeys));
  const withoutDiscovery = new Set(ofChecks.filter(lacksDiscovery).map(toSubjectKey));
  const all = [
    ...ofLint.filter(
      (finding) =>
        !(guesses.has(finding.check) && !withoutDiscovery.has(toSubjectKey(finding))) &&
        !listFactKeys(finding).some((key) => known.has(key)),
    ),
    ...ofChecks,
  ];
  const subjects = [...new Set(all.map(toSubjectKey))];
  return subjects.flatMap((subject) =>
    sort(
      all.filter((finding) => toSubjectKey(finding) === subject),
      (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity),
    ).map(toFinding),
  );
}

/** Returns true for the finding about a discovery document whose server did not answer, so that guesses are needed. */
function lacksDiscovery({ check, isUnanswered }: DraftFinding): boolean {
  return check === "oidc/discovery-unreachable" && isUnanswered === true;
}

/** Adds the command of the fix to a finding, and removes the facts that only this file needs. */
function toFinding({ change, isUnanswered: _isUnanswered, ...finding }: DraftFinding): Finding {
  return addFixCommand(finding, change);
}

/** Returns the keys by which findings about the same fact are found: the check, and for a URL without TLS its field. */
function listFactKeys(finding: Finding): string[] {
  const { check, field } = finding;
  const subject = toSubjectKey(finding);
  const isAboutTls = check === "url/plain-http" || tlsChecks.has(check);
  return [`${subject} ${check}`, ...(isAboutTls ? [`${subject} without TLS ${field}`] : [])];
}

function toSubjectKey({ owner, provider }: Finding): string {
  const about = provider && [provider.type, provider.name, provider.id];
  return JSON.stringify([owner.owner, owner.orgId, about]);
}
