import { throwInvalidOption } from "../utils/option-error.js";
import { Code, type ConnectError } from "@connectrpc/connect";
import { ClientSecretBasic } from "oauth4webapi";
import { pause } from "../call/pause.js";
import { checkEndpointOptions, type TokenEndpointOptions } from "./endpoint-options.js";
import { IssuerCache } from "./issuer-cache.js";
import {
  type TokenGrant,
  type OAuthErrorResponse,
  formatOAuthError,
  requestToken,
} from "./request-token.js";
import { createTokenError } from "./token-error.js";
import type { Token, TokenRequest } from "./token-supplier.js";

/** Options of `clientCredentials`. */
export interface ClientCredentialsOptions extends TokenEndpointOptions {
  /** The login name of the service user, not its id. Throws a TypeError if it is undefined. */
  clientId: string | undefined;
  /** The secret that ZITADEL generated for the service user. Throws a TypeError if it is undefined. */
  clientSecret: string | undefined;
}

/** The pauses between attempts. A newly generated secret is unknown to ZITADEL for some 40 ms. */
const pausesMs = [50, 100, 200, 300];

const unknownSecret = "Errors.User.Machine.Secret.NotExisting";

/** The likely causes of a rejection, by the description in ZITADEL's response. */
const hints: Readonly<Record<string, string>> = {
  "client not found": "the client id is the login name of a service user, not its id",
  "Errors.User.Machine.Secret.Invalid":
    "use the newest secret: generating a secret invalidates the previous one",
  [unknownSecret]: "that service user has no secret; generate one",
  "Errors.User.NotActive": "that service user is deactivated",
};

/**
 * Creates the function that fetches tokens for `clientCredentials`, each with its expiry. Throws a TypeError if an option is
 * invalid.
 */
export function createClientCredentialsSupplier(
  options: ClientCredentialsOptions,
): (request: TokenRequest) => Promise<Token> {
  const clientId = requireText("clientId", options.clientId);
  const clientSecret = requireText("clientSecret", options.clientSecret);
  const endpointOptions = checkEndpointOptions(options);
  const issuers = new IssuerCache(endpointOptions);
  const grant: TokenGrant = {
    type: "client_credentials",
    clientId,
    authentication: ClientSecretBasic(clientSecret),
    parameters: { scope: endpointOptions.scope },
    secrets: [clientSecret],
  };

  return async (request) => {
    const issuer = await issuers.find(request);
    for (let attempt = 0; ; attempt++) {
      const result = await requestToken(issuers, issuer, grant, request);
      if ("token" in result) {
        return result.token;
      }
      const pauseMs = pausesMs[attempt];
      if (pauseMs === undefined || result.errorResponse.description !== unknownSecret) {
        throw createRejectedSecretError(result.errorResponse);
      }
      await pause(pauseMs, request.signal);
    }
  };
}

function createRejectedSecretError(errorResponse: OAuthErrorResponse): ConnectError {
  const hint = Object.hasOwn(hints, errorResponse.description)
    ? `; ${hints[errorResponse.description]}`
    : "";
  return createTokenError(
    `the token endpoint rejected the client credentials: ${formatOAuthError(errorResponse)}${hint}`,
    Code.Unauthenticated,
  );
}

function requireText(name: string, value: unknown): string {
  if (typeof value !== "string" || value === "") {
    const found =
      value === undefined
        ? ", not undefined; check the environment variable that it comes from"
        : "";
    throwInvalidOption(name, `must be text that is not empty${found}`);
  }
  return value;
}
