import type { TokenAnswer } from "./read-token-answer.js";

/** The meaning of an answer to a token request with a code that cannot exist. */
export type SecretVerdict = "accepted" | "rejected" | "expired" | "unknown-client" | "unclear";

/** The verdicts by OAuth error. An error about the code comes after the check of the secret, and proves that the secret is accepted. */
const verdictsByError: Readonly<Record<string, SecretVerdict>> = {
  invalid_grant: "accepted",
  // GitHub
  bad_verification_code: "accepted",
  redirect_uri_mismatch: "accepted",
  incorrect_client_credentials: "rejected",
  invalid_client: "rejected",
  // Keycloak, for a wrong secret
  unauthorized_client: "rejected",
  // Salesforce
  invalid_client_id: "unknown-client",
};

/** The verdicts by error number of Entra ID: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const verdictsByEntraCode: Readonly<Record<number, SecretVerdict>> = {
  54005: "accepted",
  70008: "accepted",
  700016: "unknown-client",
  90002: "unknown-client",
  900023: "unknown-client",
  700025: "rejected",
  7000112: "rejected",
  7000215: "rejected",
  7000218: "rejected",
  7000222: "expired",
  // Entra ID checks the form of the code before it checks the secret.
  70000: "unclear",
  9002313: "unclear",
};

/** Returns the meaning of the answer of a token endpoint. */
export function toSecretVerdict(answer: TokenAnswer): SecretVerdict {
  const { status, error, entraCode, isAboutPkce, hasToken, wantsToken } = answer;
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
  return status === 401 && !wantsToken ? "rejected" : "unclear";
}

/** The meanings of the error numbers of Entra ID. */
const entraTexts: Readonly<Record<number, string>> = {
  70000: "the code has a wrong form",
  90002: "there is no such tenant",
  700016: "the tenant has no such application",
  700025: "the application is a public client, which takes no secret",
  900023: "the tenant is neither an id nor a domain",
  7000112: "the application is disabled",
  7000215: "the secret is wrong, for example the id of a secret instead of its value",
  7000218: "the secret is missing",
  7000222: "the secret has expired",
  9002313: "the request has a wrong form",
};

/** Formats the error code of an answer for a message, e.g. `AADSTS700016: the tenant has no such application` or `invalid_client`. */
export function formatTokenError({ status, error, entraCode }: TokenAnswer): string {
  if (entraCode === undefined) {
    return error ?? `HTTP ${status}`;
  }
  const text = entraTexts[entraCode] ?? (error === undefined ? undefined : `error ${error}`);
  return `AADSTS${entraCode}${text === undefined ? "" : `: ${text}`}`;
}
