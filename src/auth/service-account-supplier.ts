import { Code, type ConnectError } from "@connectrpc/connect";
import { checkEndpointOptions, type TokenEndpointOptions } from "./endpoint-options.js";
import type { Issuer } from "./discover-issuer.js";
import { IssuerCache } from "./issuer-cache.js";
import { importSigningKey, signAssertion } from "./jwt-profile-assertion.js";
import {
  type CheckedKey,
  readServiceAccountKey,
  type ServiceAccountKey,
} from "./service-account-key.js";
import {
  type TokenGrant,
  type OAuthErrorResponse,
  formatOAuthError,
  requestToken,
} from "./request-token.js";
import { createTokenError } from "./token-error.js";
import type { Token, TokenRequest } from "./token-supplier.js";

/** The clock difference that errors mention and that causes a second attempt. It is longer than a request takes. */
const notableOffsetMs = 5000;

/**
 * Creates the function that fetches tokens for `serviceAccount`, each with its expiry. Throws a TypeError if the key file or an
 * option is invalid.
 */
export function createServiceAccountSupplier(
  key: ServiceAccountKey | string | undefined,
  options: TokenEndpointOptions = {},
): (request: TokenRequest) => Promise<Token> {
  const checkedKey = readServiceAccountKey(key);
  const endpointOptions = checkEndpointOptions(options);
  const issuers = new IssuerCache(endpointOptions);
  let signingKey: CryptoKey | undefined;
  const toGrant = (assertion: string): TokenGrant => ({
    type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    clientId: checkedKey.userId,
    // The assertion is the only credential.
    authentication: () => {},
    parameters: { assertion, scope: endpointOptions.scope },
    secrets: [assertion],
  });

  return async (request) => {
    const issuer = await issuers.find(request);
    signingKey ??= await importSigningKey(checkedKey);
    for (let isRetry = false; ; isRetry = true) {
      const { clockOffsetMs } = issuer;
      const assertion = await signAssertion(signingKey, checkedKey, issuer);
      const result = await requestToken(issuers, issuer, toGrant(assertion), request);
      if ("token" in result) {
        return result.token;
      }
      // The rejection shows the server's time. If the clocks differ, the difference may be the whole cause.
      const hasClockChanged = Math.abs(issuer.clockOffsetMs - clockOffsetMs) > notableOffsetMs;
      if (isRetry || !hasClockChanged || result.errorResponse.error !== "invalid_grant") {
        throw createRejectedKeyError(result.errorResponse, checkedKey, issuer);
      }
    }
  };
}

/**
 * Creates the error for a rejected key. ZITADEL answers "invalid assertion" for every cause, so this function adds the likely causes.
 */
function createRejectedKeyError(
  errorResponse: OAuthErrorResponse,
  { keyId, userId, expiresAtMs }: CheckedKey,
  { metadata, clockOffsetMs }: Issuer,
): ConnectError {
  const hints: string[] = [];
  if (expiresAtMs !== undefined && expiresAtMs <= Date.now() + clockOffsetMs) {
    hints.push(`the key expired on ${new Date(expiresAtMs).toISOString()}; create a new one`);
  } else if (errorResponse.error === "invalid_grant") {
    hints.push(
      `check that the user ${userId} still has the key ${keyId}, and that ${metadata.issuer} is the instance of this user`,
    );
  } else if (errorResponse.description.includes("Errors.User.NotActive")) {
    hints.push(`the user ${userId} is deactivated`);
  }
  if (Math.abs(clockOffsetMs) > notableOffsetMs) {
    const seconds = Math.round(Math.abs(clockOffsetMs) / 1000);
    const direction = clockOffsetMs > 0 ? "behind" : "ahead of";
    hints.push(
      `this machine's clock is ${seconds} s ${direction} the server's, which was corrected`,
    );
  }
  return createTokenError(
    [
      `the token endpoint rejected the service account's key: ${formatOAuthError(errorResponse)}`,
      ...hints,
    ].join("; "),
    Code.Unauthenticated,
  );
}
