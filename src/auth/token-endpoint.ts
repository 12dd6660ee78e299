import { Code } from "@connectrpc/connect";
import * as oauth from "oauth4webapi";
import { formsOfText } from "../redact/forms.js";
import { type Answer, exchange, type Exchange, unexpected } from "./answer.js";
import { foreignText } from "./foreign-text.js";
import { type Issuer, type Issuers, jsonResponse } from "./issuers.js";
import { tokenError } from "./token-error.js";
import type { Token, TokenRequest } from "./token-source.js";
import { tokenProblem } from "./token-text.js";

/** A request for a token. */
export interface Grant {
  readonly type: "client_credentials" | "urn:ietf:params:oauth:grant-type:jwt-bearer";
  readonly clientId: string;
  readonly authentication: oauth.ClientAuth;
  readonly parameters: Readonly<Record<string, string>>;
  /** What a server may repeat, but no error. */
  readonly secrets: readonly string[];
}

/** What the token endpoint said to a grant: a token, or an error of OAuth (RFC 6749, 5.2). */
export type GrantOutcome = { readonly token: Token } | { readonly refusal: Refusal };

/** An error of OAuth, without secrets and cut. */
export interface Refusal {
  readonly error: string;
  readonly description: string;
}

/**
 * Asks for a token once, and notes the time by the server's clock. Fails with `unavailable` if there was no answer to
 * speak of, and with `failed_precondition` if there is no token endpoint.
 */
export async function requestToken(
  issuers: Issuers,
  issuer: Issuer,
  grant: Grant,
  request: TokenRequest,
): Promise<GrantOutcome> {
  const { metadata } = issuer;
  const about: Exchange = {
    what: "the token endpoint",
    url: foreignText(metadata.token_endpoint),
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
            // The secret once more, in base64.
            secrets.push(...(init.headers["authorization"] ?? "").split(" ").slice(1));
            return customFetch(url, init);
          },
          [oauth.allowInsecureRequests]: true,
          signal: request.signal,
        },
      ),
    );
  } catch (error) {
    // Perhaps it has moved.
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
  const forms = secrets.flatMap(formsOfText);
  const clean = (text: unknown): string => foreignText(typeof text === "string" ? text : "", forms);
  return { refusal: { error: clean(error), description: clean(description) } };
}

async function readToken(
  { metadata }: Issuer,
  client: oauth.Client,
  json: Readonly<Record<string, unknown>>,
  sentMs: number,
): Promise<Token> {
  // Nobody here reads an id_token, and that of the JWT profile names another audience than oauth4webapi expects.
  const { id_token: _, ...rest } = json;
  const token = await oauth
    .processGenericTokenEndpointResponse(metadata, client, jsonResponse(rest))
    // Its errors hold the whole answer.
    .catch(() => undefined);
  if (token?.token_type !== "bearer" || tokenProblem(token.access_token) !== undefined) {
    throw tokenError(
      `the token endpoint ${foreignText(metadata.token_endpoint)} answered without a bearer token`,
      Code.FailedPrecondition,
    );
  }
  const { access_token: accessToken, expires_in: seconds } = token;
  // From when it was asked for: it cannot have begun before, nor last longer.
  return { accessToken, ...(seconds !== undefined && { expiresAtMs: sentMs + seconds * 1000 }) };
}

/** A refusal in words. */
export function refusalText({ error, description }: Refusal): string {
  return [error, description].filter((part) => part !== "").join(": ");
}
