import type { NewFinding } from "../../check-context.js";
import { describeUpdate } from "../../describe-update.js";
import { quoteAnswer } from "../../quote-answer.js";
import { acceptedAlgorithms } from "../jwks/accepted-algorithms.js";
import type { DiscoveredProvider } from "./discovered-provider.js";

/** Checks that the discovery document lists the features that ZITADEL uses. Skips lists that the document does not have. */
export function checkCapabilities(discovered: DiscoveredProvider): void {
  const findings = [
    findCodeProblem(discovered),
    findPkceProblem(discovered),
    findAlgorithmProblem(discovered),
    findAuthenticationProblem(discovered),
  ];
  for (const finding of findings) {
    if (finding !== undefined) {
      discovered.context.report(finding);
    }
  }
}

function findCodeProblem({ metadata }: DiscoveredProvider): NewFinding | undefined {
  const { response_types_supported: types, grant_types_supported: grants } = metadata;
  const lacks = (list: readonly string[] | undefined, value: string): boolean =>
    list !== undefined && !list.includes(value);
  const member = lacks(types, "code")
    ? "response_types_supported without code"
    : lacks(grants, "authorization_code")
      ? "grant_types_supported without authorization_code"
      : undefined;
  return member === undefined
    ? undefined
    : {
        severity: "broken",
        check: "oidc/code-unsupported",
        message: `the discovery document has ${member}; ZITADEL only uses the authorization code flow, so nobody can sign in`,
        fix: "enable the authorization code flow at the provider",
      };
}

/**
 * Returns the problem with PKCE. By RFC 8414, a document without the list means no support. But some servers, such as Entra, support PKCE
 * without listing it, and others ignore the challenge, so sign-in works.
 */
function findPkceProblem({ provider, metadata }: DiscoveredProvider): NewFinding | undefined {
  const { type, fields } = provider;
  const { code_challenge_methods_supported: methods } = metadata;
  const isUsed = type === "zitadel" || fields["usePkce"] === true;
  if (!isUsed || methods?.includes("S256")) {
    return undefined;
  }
  const field = type === "zitadel" ? undefined : "usePkce";
  if (methods === undefined) {
    return {
      severity: "note",
      check: "oidc/pkce-not-listed",
      field,
      message:
        "ZITADEL sends a PKCE challenge, but the discovery document has no code_challenge_methods_supported; providers without PKCE ignore the challenge, which then protects nothing",
      fix: "nothing to do, if the documentation of the provider says that it supports PKCE with S256",
    };
  }
  return {
    severity: "broken",
    check: "oidc/pkce-unsupported",
    field,
    message: `ZITADEL sends a PKCE challenge with the method S256, but the provider supports only ${toText(methods)} and must reject the request (RFC 7636)`,
    fix:
      field === undefined
        ? "enable S256 at the provider"
        : `enable S256 at the provider, or switch PKCE off: ${describeUpdate(provider, field, false)}`,
  };
}

function findAlgorithmProblem({ metadata }: DiscoveredProvider): NewFinding | undefined {
  const { id_token_signing_alg_values_supported: algorithms } = metadata;
  return algorithms === undefined || algorithms.some((each) => acceptedAlgorithms.includes(each))
    ? undefined
    : {
        severity: "broken",
        check: "oidc/id-token-algorithm",
        message: `the provider signs ID tokens with ${toText(algorithms)} only; ZITADEL accepts ${acceptedAlgorithms.join(", ")}, so nobody can sign in`,
        fix: "configure the provider to sign the ID tokens of this client with RS256",
      };
}

/** Returns the problem with client authentication. ZITADEL sends the secret in a header first, and in the body if that fails. */
function findAuthenticationProblem({ metadata }: DiscoveredProvider): NewFinding | undefined {
  const { token_endpoint_auth_methods_supported: methods } = metadata;
  const usable = ["client_secret_basic", "client_secret_post", "none"];
  return methods === undefined || methods.some((each) => usable.includes(each))
    ? undefined
    : {
        severity: "broken",
        check: "oidc/client-authentication",
        message: `the token endpoint supports the client authentication ${toText(methods)} only; ZITADEL uses client_secret_basic or client_secret_post, so each sign-in fails after the provider's page`,
        fix: "allow client_secret_basic or client_secret_post for this client at the provider",
      };
}

function toText(values: readonly string[]): string {
  return values.length === 0 ? "nothing" : quoteAnswer(values.join(", "));
}
