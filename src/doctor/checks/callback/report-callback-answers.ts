import type { CheckContext } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { describeUpdate } from "../../describe-update.js";
import type { InstanceInfo } from "../../instance-info.js";
import { isLoopback } from "../../../utils/is-loopback.js";
import { usesPkce } from "./authorization-request.js";
import type { AuthorizationAnswer } from "./classify-authorization-answer.js";
import { reportCallbackUnchecked } from "./report-callback-unchecked.js";
import {
  type AnsweredUri,
  type CallbackAnswers,
  formatUris,
  isKnown,
} from "./report-redirect-uris.js";

type Report = CheckContext["report"];

/** Reports the problems that the answers to authorization requests show. */
export function reportCallbackAnswers(
  report: Report,
  provider: CheckedProvider,
  answers: CallbackAnswers,
  { generatedOrigins }: Pick<InstanceInfo, "generatedOrigins">,
): void {
  const { all, foreign, endpoint } = answers;
  const ofKind = (kind: AuthorizationAnswer["kind"]): AnsweredUri[] =>
    all.filter(({ answer }) => answer.kind === kind);
  const isMissing = ofKind("missing").length === all.length;
  // GitHub has one fixed authorization endpoint, and answers 404 for an unknown client.
  if (ofKind("unknown-client").length > 0 || (isMissing && provider.type === "github")) {
    reportUnknownClient(report, provider);
    return;
  }
  if (isMissing) {
    reportMissingEndpoint(report, provider, "does not exist");
    return;
  }
  const [failure] = all.map(({ answer }) => readServerError(answer));
  if (failure !== undefined && "issuer" in provider.fields && all.every(isServerError)) {
    reportMissingEndpoint(report, provider, `answers with ${failure}`);
    return;
  }
  const isGenerated = ({ origin }: AnsweredUri): boolean => generatedOrigins.includes(origin);
  const isChosen = (each: AnsweredUri): boolean => !isGenerated(each);
  reportMismatches(report, all.filter(isChosen));
  reportGeneratedMismatches(report, ofKind("mismatch").filter(isGenerated));
  if (foreign.kind === "known" || foreign.kind === "rejected") {
    reportAnyRedirectUri(report, endpoint);
  }
  if (ofKind("page").some(({ answer }) => !isKnown(answer, answers))) {
    reportUnconfirmed(report);
  }
  for (const { answer } of ofKind("rejected").slice(0, 1)) {
    reportRejection(report, provider, answer);
  }
  const [unclear] = all.flatMap(({ answer }) => ("detail" in answer ? [answer.detail] : []));
  if (unclear !== undefined) {
    reportCallbackUnchecked(
      report,
      `the provider answers an authorization request with ${unclear}, without a reason`,
    );
  }
}

/** Returns the status of the answer of a failing server, e.g. `HTTP 503`. Undefined for other answers. */
function readServerError(answer: AuthorizationAnswer): string | undefined {
  return answer.kind === "unclear" && answer.status >= 500 ? answer.detail : undefined;
}

function isServerError({ answer }: AnsweredUri): boolean {
  return readServerError(answer) !== undefined;
}

function reportUnknownClient(report: Report, provider: CheckedProvider): void {
  report({
    severity: "broken",
    check: "callback/unknown-client",
    field: "clientId",
    message:
      "the provider does not know the client id, so users see an error page instead of its login page",
    fix: `copy the client id from the provider again: ${describeUpdate(provider, "clientId", "…")}`,
  });
}

/** Reports an authorization endpoint that is missing or fails, unless it is a field, which `checkAuthorizationEndpoint` checks. */
function reportMissingEndpoint(
  report: Report,
  { type, fields }: CheckedProvider,
  fact: string,
): void {
  if (type === "oauth" || type === "githubEs") {
    return;
  }
  report({
    severity: "broken",
    check: "callback/endpoint-missing",
    field: "issuer" in fields ? "issuer" : undefined,
    message: `the authorization endpoint that the discovery document names ${fact}, so nobody can sign in`,
    fix: "correct the issuer, or the server that publishes the discovery document",
    change: { field: "issuer" },
  });
}

function reportMismatches(report: Report, all: readonly AnsweredUri[]): void {
  const isMismatch = ({ answer }: AnsweredUri): boolean => answer.kind === "mismatch";
  const mismatches = all.filter(isMismatch);
  if (mismatches.length === 0) {
    return;
  }
  // An instance uses one version of the login page for almost all of its users.
  const complete = ([1, 2] as const).find(
    (version) => !all.some((each) => each.loginVersion === version && isMismatch(each)),
  );
  if (complete !== undefined) {
    const other = complete === 1 ? 2 : 1;
    report({
      severity: "note",
      check: "callback/mismatch",
      message: `the provider knows the redirect URIs of login version ${complete}, and not those of login version ${other}: ${formatUris(mismatches)}`,
      fix: `nothing to do if this instance uses login version ${complete}; if it uses version ${other}, users see an error page until they are registered`,
    });
    return;
  }
  const isComplete = mismatches.length === all.length;
  const which = isComplete ? "any redirect URI" : "some redirect URIs";
  report({
    severity: isComplete ? "broken" : "risk",
    check: "callback/mismatch",
    message: `the provider does not know ${which} of this instance: ${formatUris(mismatches)}. Users who sign in with them see an error page of the provider`,
    fix: isComplete
      ? "register those of the login pages in use at the provider, exactly as they are"
      : "register them at the provider, exactly as they are, if users reach these login pages",
  });
}

/** Reports unknown redirect URIs on generated domains, on which most instances have no users. */
function reportGeneratedMismatches(report: Report, mismatches: readonly AnsweredUri[]): void {
  if (mismatches.length > 0) {
    report({
      severity: "note",
      check: "callback/mismatch",
      message: `the provider does not know the redirect URIs of the domain that ZITADEL generated: ${formatUris(mismatches)}`,
      fix: "nothing to do, unless users sign in on this domain",
    });
  }
}

function reportAnyRedirectUri(report: Report, { hostname }: URL): void {
  report({
    // A provider on this machine cannot be attacked from outside.
    severity: isLoopback(hostname) ? "note" : "risk",
    check: "callback/any-redirect-uri",
    message:
      "the provider accepts any redirect URI for this client, so an attacker can have the authorization codes of users sent to another server and sign in as them",
    fix: "replace the wildcard at the provider with the redirect URIs of this instance",
  });
}

function reportUnconfirmed(report: Report): void {
  report({
    severity: "note",
    check: "callback/unconfirmed",
    message:
      "the provider shows its login page for any redirect URI, so only a sign-in shows if it knows the redirect URIs of this instance",
    fix: "compare the redirect URIs with those registered at the provider, or test a sign-in",
  });
}

function reportRejection(
  report: Report,
  provider: CheckedProvider,
  answer: AuthorizationAnswer,
): void {
  if (answer.kind !== "rejected") {
    return;
  }
  const rejection = usesPkce(provider) ? otherRejection : pkceRejection;
  const { check, field, reason = "", fix } = rejections[answer.error] ?? rejection;
  report({
    severity: "broken",
    check,
    field,
    message: `the provider rejects authorization requests with ${answer.error}${reason}, so nobody can sign in`,
    fix: fix(provider),
  });
}

/** The parts of the finding about an error that the provider sends to the redirect URI. */
interface Rejection {
  readonly check: string;
  readonly field: string;
  readonly reason?: string;
  readonly fix: (provider: CheckedProvider) => string;
}

const allowCodeFlow: Rejection = {
  check: "callback/request-rejected",
  field: "clientId",
  fix: () => "allow the authorization code flow for the client at the provider",
};

const rejections: Readonly<Record<string, Rejection>> = {
  unauthorized_client: allowCodeFlow,
  unsupported_response_type: allowCodeFlow,
  invalid_scope: {
    check: "callback/scope-rejected",
    field: "scopes",
    fix: (provider) =>
      `allow the scopes for the client at the provider, or remove them: ${describeUpdate(provider, "scopes", "…")}`,
  },
};

/** The rejection of a request that is complete. */
const otherRejection: Rejection = {
  check: "callback/request-rejected",
  field: "clientId",
  fix: () =>
    "look up the error in the log of the provider, and compare the client there with this configuration",
};

const pkceRejection: Rejection = {
  check: "callback/pkce-required",
  field: "usePkce",
  reason: " because they have no PKCE challenge",
  fix: (provider) => `turn on PKCE: ${describeUpdate(provider, "usePkce", true)}`,
};
