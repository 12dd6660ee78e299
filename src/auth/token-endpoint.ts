import { Code } from "@connectrpc/connect";
import * as oauth from "oauth4webapi";
import { listTextVariants } from "../redact/secret-variants.js";
import { type Answer, exchange, type Exchange, unexpected } from "./issuer-request.js";
import { quoteIssuerText } from "./quote-issuer-text.js";
import { type Issuer, type Issuers, jsonResponse } from "./issuers.js";
import { tokenError } from "./token-error.js";
import type { Token, TokenRequest } from "./token-source.js";
import { findTokenProblem } from "./token-text.js";

/** The parameters of a request for a token. */
export interface Grant {
  readonly type: "client_credentials" | "urn:ietf:params:oauth:grant-type:jwt-bearer";
  readonly clientId: string;
  readonly authentication: oauth.ClientAuth;
  readonly parameters: Readonly<Record<string, string>>;
  /** The secrets that a server may repeat in its response, and that no error may contain. */
  readonly secrets: readonly string[];
}

/** The result of a grant: a token, or an OAuth error (RFC 6749, section 5.2). */
export type GrantResult = { readonly token: Token } | { readonly refusal: OAuthError };

/** An OAuth error. Both texts are free of secrets and cut. */
export interface OAuthError {
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
  issuers: Issuers,
  issuer: Issuer,
  grant: Grant,
  request: TokenRequest,
): Promise<GrantResult> {
  const { metadata } = issuer;
  const about: Exchange = {
    what: "the token endpoint",
    url: quoteIssuerText(metadata.token_endpoint),
    issuer: metadata.issuer,
    request,
  };
  const client: oauth.Client = { client_id: grant.clientId };
  const secrets = [...grant.secrets];
  let answer: Answer;
  try {
    answer = await exchange(about, (customFetch) =>
      oauth.genericTokenEndpointRequest(
        metadata,
        client,
        grant.authentication,
        grant.type,
        { ...grant.parameters },
        {
          [oauth.customFetch]: (url, init) => {
            // HTTP Basic encodes the secret in base64: remove that form from errors too.
            secrets.push(...(init.headers["authorization"] ?? "").split(" ").slice(1));
            return customFetch(url, init);
          },
          [oauth.allowInsecureRequests]: true,
          signal: request.signal,
        },
      ),
    );
  } catch (error) {
    // The endpoint may have moved.
    issuers.forget(issuer);
    throw error;
  }
  const { response, json, sentMs, clockOffsetMs } = answer;
  issuer.clockOffsetMs = clockOffsetMs ?? issuer.clockOffsetMs;
  if (response.status === 200) {
    return { token: await readToken(issuer, client, json, sentMs) };
  }
  const { error, error_description: description } = json;
  if (typeof error !== "string" || response.status < 400) {
    issuers.forget(issuer);
    throw unexpected(about, response);
  }
  const forms = secrets.flatMap(listTextVariants);
  const clean = (text: unknown): string =>
    quoteIssuerText(typeof text === "string" ? text : "", forms);
  return { refusal: { error: clean(error), description: clean(description) } };
}

async function readToken(
  { metadata }: Issuer,
  client: oauth.Client,
  json: Readonly<Record<string, unknown>>,
  sentMs: number,
): Promise<Token> {
  // The id_token is not used. For the JWT profile, its audience also differs from the one that oauth4webapi expects.
  const { id_token: _, ...rest } = json;
  const token = await oauth
    .processGenericTokenEndpointResponse(metadata, client, jsonResponse(rest))
    // Errors of oauth4webapi contain the whole response.
    .catch(() => undefined);
  if (token?.token_type !== "bearer" || findTokenProblem(token.access_token) !== undefined) {
    throw tokenError(
      `the token endpoint ${quoteIssuerText(metadata.token_endpoint)} answered without a bearer token`,
      Code.FailedPrecondition,
    );
  }
  const { access_token: accessToken, expires_in: seconds } = token;
  // Counted from the request: the lifetime cannot have begun earlier, so the token is never used too long.
  return { accessToken, ...(seconds !== undefined && { expiresAtMs: sentMs + seconds * 1000 }) };
}

/** Formats an OAuth error as "error: description". */
export function formatOAuthError({ error, description }: OAuthError): string {
  return [error, description].filter((part) => part !== "").join(": ");
}
