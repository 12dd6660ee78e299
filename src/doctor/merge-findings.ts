import type { Finding } from "../lint/finding.js";
import { sort } from "../utils/sort.js";
import type { DraftFinding } from "./draft-finding.js";
import { addRemedyCommand } from "./add-remedy-command.js";

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
 * rule that guesses, or whose fact a check of the network has found too, is left out, because that check knows more. Adds the commands
 * of the remedies.
 */
export function mergeFindings(
  ofChecks: readonly DraftFinding[],
  ofLint: readonly DraftFinding[],
): Finding[] {
  const known = new Set(ofChecks.flatMap(listFactKeys));
  const unread = new Set(ofChecks.filter(isUnread).map(toSubjectKey));
  const all = [
    ...ofLint.filter(
      (finding) =>
        !(guesses.has(finding.check) && !unread.has(toSubjectKey(finding))) &&
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

/** Returns true for a discovery document whose server gave no answer, so that only the guess is left. */
function isUnread({ check, isUnanswered }: DraftFinding): boolean {
  return check === "oidc/discovery-unreachable" && isUnanswered === true;
}

/** Returns a finding with the command of its remedy, and without the facts for the doctor itself. */
function toFinding({ change, isUnanswered: _isUnanswered, ...finding }: DraftFinding): Finding {
  return addRemedyCommand(finding, change);
}

/** Returns the keys of the fact that a finding is about: the check, and for TLS the field. */
function listFactKeys(finding: Finding): string[] {
  const { check, field } = finding;
  const subject = toSubjectKey(finding);
  const isAboutTls = check === "url/plain-http" || withoutTls.has(check);
  return [`${subject} ${check}`, ...(isAboutTls ? [`${subject} without TLS ${field}`] : [])];
}

function toSubjectKey({ owner, provider }: Finding): string {
  const about = provider && [provider.type, provider.name, provider.id];
  return JSON.stringify([owner.owner, owner.orgId, about]);
}
