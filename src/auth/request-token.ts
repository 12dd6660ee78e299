import { Code } from "@connectrpc/connect";
import * as oauth from "oauth4webapi";
import { listTextVariants } from "../redact/secret-variants.js";
import { type Issuer, toJsonResponse } from "./discover-issuer.js";
import type { IssuerCache } from "./issuer-cache.js";
import { type IssuerRequest, type IssuerResponse, sendIssuerRequest } from "./issuer-request.js";
import { quoteIssuerText } from "./quote-issuer-text.js";
import { createTokenError } from "./token-error.js";
import type { Token, TokenRequest } from "./token-supplier.js";
import { findTokenProblem } from "./find-token-problem.js";
import { createUnexpectedResponseError } from "./unexpected-response-error.js";

/** The parameters of a request for a token. */
export interface TokenGrant {
  readonly type: "client_credentials" | "urn:ietf:params:oauth:grant-type:jwt-bearer";
  readonly clientId: string;
  readonly authentication: oauth.ClientAuth;
  readonly parameters: Readonly<Record<string, string>>;
  /** The secrets that a server may repeat in its response, and that no error may contain. */
  readonly secrets: readonly string[];
}

/** The result of a grant: a token, or an OAuth error (RFC 6749, section 5.2). */
type GrantResult = { readonly token: Token } | { readonly errorResponse: OAuthErrorResponse };

/** An OAuth error. Both texts are free of secrets and cut. */
export interface OAuthErrorResponse {
  readonly error: string;
  readonly description: string;
}

/**
 * Sends one request for a token, and records the difference between the clocks.
 *
 * Throws `unavailable` if the endpoint cannot be reached or is temporarily out of order, and `failed_precondition` if the address
 * is not a token endpoint.
 */
export async function requestToken(
  issuers: IssuerCache,
  issuer: Issuer,
  grant: TokenGrant,
  tokenRequest: TokenRequest,
): Promise<GrantResult> {
  const { metadata } = issuer;
  const request: IssuerRequest = {
    endpoint: "the token endpoint",
    url: quoteIssuerText(metadata.token_endpoint),
    issuer: metadata.issuer,
    tokenRequest,
  };
  const secrets = [...grant.secrets];
  let issuerResponse: IssuerResponse;
  try {
    issuerResponse = await sendIssuerRequest(request, (customFetch) =>
      oauth.genericTokenEndpointRequest(
        metadata,
        { client_id: grant.clientId },
        grant.authentication,
        grant.type,
        { ...grant.parameters },
        {
          [oauth.customFetch]: (url, init) => {
            // HTTP Basic encodes the secret in base64: remove that form from errors too.
            secrets.push(...(init.headers["authorization"] ?? "").split(" ").slice(1));
            // React Native sends no URLSearchParams.
            return customFetch(url, { ...init, body: init.body.toString() });
          },
          [oauth.allowInsecureRequests]: true,
          signal: tokenRequest.signal,
        },
      ),
    );
  } catch (error) {
    // The endpoint may have moved.
    issuers.forget(issuer);
    throw error;
  }
  issuer.clockOffsetMs = issuerResponse.clockOffsetMs ?? issuer.clockOffsetMs;
  if (issuerResponse.response.status === 200) {
    return { token: await readToken(issuer, grant, issuerResponse) };
  }
  const errorResponse = readErrorResponse(issuerResponse, secrets);
  if (errorResponse === undefined) {
    issuers.forget(issuer);
    throw createUnexpectedResponseError(request, issuerResponse.response);
  }
  return { errorResponse };
}

/** Returns the OAuth error in a response without `secrets`, or undefined if there is none. */
function readErrorResponse(
  { response, json }: IssuerResponse,
  secrets: readonly string[],
): OAuthErrorResponse | undefined {
  const { error, error_description: description } = json;
  if (typeof error !== "string" || response.status < 400) {
    return undefined;
  }
  const variants = secrets.flatMap(listTextVariants);
  return {
    error: quoteIssuerText(error, variants),
    description: quoteIssuerText(typeof description === "string" ? description : "", variants),
  };
}

async function readToken(
  { metadata }: Issuer,
  { clientId }: TokenGrant,
  { json, sentMs }: IssuerResponse,
): Promise<Token> {
  // The id_token is not used. For the JWT profile, its audience also differs from the one that oauth4webapi expects.
  const { id_token: _, ...rest } = json;
  const token = await oauth
    .processGenericTokenEndpointResponse(metadata, { client_id: clientId }, toJsonResponse(rest))
    // Errors of oauth4webapi contain the whole response.
    .catch(() => undefined);
  if (token?.token_type !== "bearer" || findTokenProblem(token.access_token) !== undefined) {
    throw createTokenError(
      `the token endpoint ${quoteIssuerText(metadata.token_endpoint)} answered without a bearer token`,
      Code.FailedPrecondition,
    );
  }
  const { access_token: accessToken, expires_in: seconds } = token;
  // Counted from the request: the lifetime cannot have begun earlier, so the token is never used too long.
  return { accessToken, ...(seconds !== undefined && { expiresAtMs: sentMs + seconds * 1000 }) };
}

/** Formats an OAuth error as "error: description". */
export function formatOAuthError({ error, description }: OAuthErrorResponse): string {
  return [error, description].filter((part) => part !== "").join(": ");
}
