import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  customFetch,
  generateRandomCodeVerifier,
  genericTokenEndpointRequest,
} from "oauth4webapi";
import { checkHttpUrl } from "../../../providers/model/checks/url.js";
import type { CheckContext } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { findEndpoints, isInsecure } from "../../find-endpoints.js";
import { listRedirectUris } from "../../redirect-uris.js";
import { UpstreamError } from "../../upstream/upstream-error.js";
import { usesPkce } from "../callback/authorization-request.js";
import { readTokenAnswer, type TokenAnswer } from "./read-token-answer.js";
import { formatTokenError, type SecretVerdict, toSecretVerdict } from "./secret-verdict.js";

/** The verdict of a provider on a client and its secret, with its error code. */
export interface ProbedSecret {
  readonly verdict: SecretVerdict;
  readonly code: string;
  readonly host: string;
}

/** The verdicts from the most to the least certain. `accepted` is not among them, because it ends the probe. */
const byCertainty: readonly SecretVerdict[] = ["expired", "unknown-client", "rejected", "unclear"];

/**
 * Sends a token request with a code that cannot exist, to find out if the provider accepts the client and its secret. Like ZITADEL, sends
 * the secret in a header first, and in the body if that fails (`AuthStyleAutoDetect` of Go's `oauth2`). Rejects with an `UpstreamError` if
 * there is no answer.
 */
export async function probeClientSecret(
  provider: CheckedProvider,
  secret: string,
  context: CheckContext,
): Promise<ProbedSecret> {
  const endpoints = await findEndpoints(provider, context.upstream);
  const token = endpoints?.token ?? "";
  const problem = checkHttpUrl(token);
  if (problem !== undefined) {
    throw new UpstreamError("invalid-url", `the token endpoint ${problem}`);
  }
  const { host } = new URL(token);
  if (endpoints?.source !== undefined) {
    await context.upstream.checkNamedUrl(new URL(token), endpoints.source);
  }
  if (isInsecure(token, context.allowPrivate)) {
    throw new UpstreamError(
      "no-tls",
      `${host} has no TLS, and no secret is sent without TLS, except to this machine with --allow-private`,
    );
  }
  const answers: TokenAnswer[] = [];
  for (const authentication of [ClientSecretBasic(secret), ClientSecretPost(secret)]) {
    const answer = await requestToken(provider, token, authentication, context);
    if (toSecretVerdict(answer) === "accepted") {
      return { verdict: "accepted", code: formatSafely(answer, secret), host };
    }
    answers.push(answer);
  }
  if (answers.some(isCodeCheckedFirst)) {
    answers.splice(0, answers.length, await requestOwnToken(provider, token, secret, context));
  }
  return { ...pickVerdict(answers, secret), host };
}

function pickVerdict(answers: readonly TokenAnswer[], secret: string): Omit<ProbedSecret, "host"> {
  // A provider that asks for a PKCE verifier may have accepted the secret before, so prefer that answer.
  const candidates = answers.filter(({ isAboutPkce }) => isAboutPkce);
  const [first] = (candidates.length > 0 ? candidates : answers)
    .map((answer) => ({ verdict: toSecretVerdict(answer), code: formatSafely(answer, secret) }))
    .toSorted((a, b) => byCertainty.indexOf(a.verdict) - byCertainty.indexOf(b.verdict));
  return first ?? { verdict: "unclear", code: "no answer" };
}

/** Exchanges a code that cannot exist, with the parameters that ZITADEL sends. */
async function requestToken(
  provider: CheckedProvider,
  endpoint: string,
  authentication: ClientAuth,
  context: CheckContext,
): Promise<TokenAnswer> {
  const redirectUri = listRedirectUris(provider, context.instance.origins).find(
    ({ loginVersion }) => loginVersion === 2,
  );
  const parameters = {
    code: `zitadel-idp-doctor-${crypto.randomUUID()}`,
    ...(redirectUri !== undefined && { redirect_uri: redirectUri.uri }),
    ...(usesPkce(provider) && { code_verifier: generateRandomCodeVerifier() }),
  };
  const request = { authentication, grantType: "authorization_code", parameters };
  return await sendTokenRequest(provider, endpoint, request, context);
}

/** Returns true for an answer of Entra ID about the form of the code, which Entra ID checks before the secret. */
function isCodeCheckedFirst({ entraCode }: TokenAnswer): boolean {
  return entraCode === 9002313 || entraCode === 70000;
}

/**
 * Requests a token for the client itself, which needs no code. The token is discarded.
 */
async function requestOwnToken(
  provider: CheckedProvider,
  endpoint: string,
  secret: string,
  context: CheckContext,
): Promise<TokenAnswer> {
  const request = {
    authentication: ClientSecretPost(secret),
    grantType: "client_credentials",
    parameters: { scope: "https://graph.microsoft.com/.default" },
  };
  return await sendTokenRequest(provider, endpoint, request, context);
}

/** A token request. */
interface TokenRequest {
  readonly authentication: ClientAuth;
  readonly grantType: string;
  readonly parameters: Readonly<Record<string, string>>;
}

async function sendTokenRequest(
  { fields }: CheckedProvider,
  endpoint: string,
  { authentication, grantType, parameters }: TokenRequest,
  { upstream, signal }: CheckContext,
): Promise<TokenAnswer> {
  const response = await genericTokenEndpointRequest(
    { issuer: new URL(endpoint).origin, token_endpoint: endpoint },
    { client_id: String(fields["clientId"]) },
    authentication,
    grantType,
    parameters,
    {
      // `probeClientSecret` has rejected all URLs to which no secret must be sent.
      [allowInsecureRequests]: true,
      [customFetch]: upstream.fetch,
      ...(signal && { signal }),
    },
  );
  return readTokenAnswer(response.status, response.headers, await response.text());
}

/** Returns the error code for a message, or the status if a provider repeats the secret in its error code. */
function formatSafely(answer: TokenAnswer, secret: string): string {
  const code = formatTokenError(answer);
  return code.includes(secret) ? `HTTP ${answer.status}` : code;
}
