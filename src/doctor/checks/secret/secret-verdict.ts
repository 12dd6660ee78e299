import type { TokenAnswer } from "./read-token-answer.js";

/** The meaning of an answer to a token request with a code that cannot exist. */
export type SecretVerdict = "accepted" | "rejected" | "expired" | "unknown-client" | "unclear";

/** The errors after the check of the client and its secret, and those of that check. */
const verdictsByError: Readonly<Record<string, SecretVerdict>> = {
  invalid_grant: "accepted",
  // GitHub
  bad_verification_code: "accepted",
  redirect_uri_mismatch: "accepted",
  incorrect_client_credentials: "rejected",
  invalid_client: "rejected",
  // Keycloak answers so to a wrong secret.
  unauthorized_client: "rejected",
  // Salesforce
  invalid_client_id: "unknown-client",
};

/** The errors of Entra ID: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const verdictsByEntraCode: Readonly<Record<number, SecretVerdict>> = {
  54005: "accepted",
  70008: "accepted",
  700016: "unknown-client",
  7000215: "rejected",
  7000222: "expired",
  // Entra ID checks the form of the code before it checks the secret.
  70000: "unclear",
  9002313: "unclear",
};

/** Returns the meaning of the answer of a token endpoint. */
export function toSecretVerdict(answer: TokenAnswer): SecretVerdict {
  const { status, error, entraCode, isAboutPkce, hasToken } = answer;
  if (isAboutPkce) {
    return "unclear";
  }
  if (hasToken) {
    return "accepted";
  }
  const byEntraCode = entraCode === undefined ? undefined : verdictsByEntraCode[entraCode];
  if (byEntraCode !== undefined) {
    return byEntraCode;
  }
  if (error !== undefined && Object.hasOwn(verdictsByError, error)) {
    return verdictsByError[error] ?? "unclear";
  }
  return status === 401 ? "rejected" : "unclear";
}

/** Returns the error code of an answer for a message, e.g. `AADSTS7000215` or `invalid_client`. */
export function formatTokenError({ status, error, entraCode }: TokenAnswer): string {
  return entraCode === undefined ? (error ?? `HTTP ${status}`) : `AADSTS${entraCode}`;
}
