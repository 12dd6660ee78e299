import type { CheckContext } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import type { RedirectUri } from "../../redirect-uris.js";
import type { AuthorizationAnswer } from "./classify-authorization-answer.js";

/** A redirect URI with the answer of the provider. */
export interface AnsweredUri extends RedirectUri {
  readonly answer: AuthorizationAnswer;
}

/** The answers to the authorization requests of a provider. */
export interface CallbackAnswers {
  readonly all: readonly AnsweredUri[];
  /** The answer for a redirect URI that the provider cannot know. */
  readonly foreign: AuthorizationAnswer;
  /** The authorization endpoint. */
  readonly endpoint: URL;
}

/** Reports the redirect URIs of this instance, and if the provider knows all of them. Without `answers`, only lists them. */
export function reportRedirectUris(
  report: CheckContext["report"],
  { type }: CheckedProvider,
  uris: readonly RedirectUri[],
  answers?: CallbackAnswers,
): void {
  const isConfirmed = answers?.all.every(({ answer }) => isKnown(answer, answers)) === true;
  // Leave out the URIs that the provider does not know, which `reportCallbackAnswers` reports.
  const mismatches = new Set(
    answers?.all.filter(({ answer }) => answer.kind === "mismatch").map(({ uri }) => uri),
  );
  const others = uris.filter(({ uri }) => !mismatches.has(uri));
  if (others.length === 0) {
    return;
  }
  const list = formatUris(others);
  report({
    severity: "note",
    check: "callback/redirect-uris",
    message: isConfirmed
      ? `the provider knows all redirect URIs of this instance: ${list}`
      : mismatches.size > 0
        ? `the other redirect URIs of this instance are ${list}`
        : `the ${urlNames[type] ?? "redirect URIs"} of this instance are ${list}`,
    fix: isConfirmed
      ? "nothing to do"
      : (fixes[type] ?? "register those of the login pages in use at the provider"),
  });
}

const forwardingUrls = "URLs to which the JWT endpoint forwards users";
const urlNames: Readonly<Partial<Record<CheckedProvider["type"], string>>> = {
  jwt: forwardingUrls,
  legacyJwt: forwardingUrls,
  saml: "assertion consumer services",
};

const forwardUsers = "forward users from the JWT endpoint to that of the login page in use";
const fixes: Readonly<Partial<Record<CheckedProvider["type"], string>>> = {
  jwt: forwardUsers,
  legacyJwt: forwardUsers,
};

/** Formats redirect URIs with the versions of their login pages. */
export function formatUris(uris: readonly RedirectUri[]): string {
  return uris.map(({ uri, loginVersion }) => `${uri} (login version ${loginVersion})`).join(", ");
}

/**
 * Returns true if an answer proves that the provider knows the redirect URI: the provider sends the user to it, or shows its login page
 * although it refuses a redirect URI that it cannot know.
 */
export function isKnown(
  { kind }: AuthorizationAnswer,
  { foreign }: Pick<CallbackAnswers, "foreign">,
): boolean {
  return (
    kind === "known" || kind === "rejected" || (kind === "page" && foreign.kind === "mismatch")
  );
}
