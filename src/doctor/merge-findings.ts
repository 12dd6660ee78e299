import type { Finding } from "../lint/finding.js";
import { sort } from "../utils/sort.js";

const severities: readonly Finding["severity"][] = [
  "broken",
  "risk",
  "expires",
  "unchecked",
  "note",
];

/** The checks of the network that see more than the lint rule for a URL without TLS, which they repeat. */
const withoutTls: ReadonlySet<string> = new Set([
  "jwt/endpoint-without-tls",
  "oauth/insecure-endpoint",
  "oidc/endpoint-without-tls",
  "oidc/issuer-without-tls",
  "saml/metadata-url-no-tls",
]);

/** The lint rules that guess from the names of hosts and scopes what the discovery document of the provider says, if it can be loaded. */
const guesses: ReadonlySet<string> = new Set(["oidc/issuer-mismatch", "oidc/scope-unsupported"]);

/**
 * Puts the findings of all checks together: by owner and provider in the order in which they come, each with the worst first. A lint
 * rule that guesses, or whose fact a check of the network has found too, is left out, because that check knows more.
 */
export function mergeFindings(ofChecks: readonly Finding[], ofLint: readonly Finding[]): Finding[] {
  const known = new Set(ofChecks.flatMap(factKeys));
  const unread = new Set(ofChecks.filter(isUnread).map(subjectKey));
  const all = [
    ...ofLint.filter(
      (finding) =>
        !(guesses.has(finding.check) && !unread.has(subjectKey(finding))) &&
        !factKeys(finding).some((key) => known.has(key)),
    ),
    ...ofChecks,
  ];
  const subjects = [...new Set(all.map(subjectKey))];
  return subjects.flatMap((subject) =>
    sort(
      all.filter((finding) => subjectKey(finding) === subject),
      (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity),
    ),
  );
}

/** Returns true for a discovery document whose server gave no answer, so that only the guess is left. */
function isUnread({ check, message }: Finding): boolean {
  return check === "oidc/discovery-unreachable" && message.includes("cannot be loaded");
}

/** Returns the keys of the fact that a finding is about: the check, and for TLS the field. */
function factKeys(finding: Finding): string[] {
  const { check, field } = finding;
  const subject = subjectKey(finding);
  const isAboutTls = check === "url/plain-http" || withoutTls.has(check);
  return [`${subject} ${check}`, ...(isAboutTls ? [`${subject} without TLS ${field}`] : [])];
}

function subjectKey({ owner, provider }: Finding): string {
  const about = provider && [provider.type, provider.name, provider.id];
  return JSON.stringify([owner.owner, owner.orgId, about]);
}
