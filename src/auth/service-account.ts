import { Code, type ConnectError } from "@connectrpc/connect";
import { SignJWT } from "jose";
import { createTokenSource } from "./create-token-source.js";
import { checkEndpointOptions, type TokenEndpointOptions } from "./endpoint-options.js";
import { createIssuers, type Issuer } from "./issuers.js";
import {
  type CheckedKey,
  readServiceAccountKey,
  type ServiceAccountKey,
} from "./service-account-key.js";
import { type Grant, type OAuthError, formatOAuthError, requestToken } from "./token-endpoint.js";
import { tokenError } from "./token-error.js";
import type { Token, TokenRequest, TokenSource } from "./token-source.js";

/** Options of `serviceAccount` besides the key file. */
export interface ServiceAccountOptions extends TokenEndpointOptions {}

/**
 * The age of `iat` when an assertion is signed. ZITADEL rejects an `iat` that is ahead of its clock, and one that is an hour old.
 */
const backdateSeconds = 30;
const lifetimeSeconds = 600;

/** The clock difference that errors mention and that causes a second attempt. It is longer than a request takes. */
const notableOffsetMs = 5000;

/**
 * Creates a token source for a service user with a key (JWT profile, RFC 7523). `key` is the key file that ZITADEL creates, as an
 * object or as JSON text. The key never leaves this machine. Works in every runtime with WebCrypto.
 *
 * A difference between the local clock and the server's clock is corrected. Calls fail with `unauthenticated` if ZITADEL rejects
 * the key, with `unavailable` if ZITADEL cannot be reached, and with `failed_precondition` if the issuer is misconfigured. Throws
 * a TypeError if the key file or an option is invalid.
 *
 * @example
 * const key = await readFile("key.json", "utf8");
 * const zitadel = createIdpClient({ baseUrl: "https://acme.zitadel.cloud", auth: serviceAccount(key) });
 */
export function serviceAccount(
  key: ServiceAccountKey | string,
  options: ServiceAccountOptions = {},
): TokenSource {
  const checkedKey = readServiceAccountKey(key);
  const checked = checkEndpointOptions(options);
  const issuers = createIssuers(checked);
  let signingKey: CryptoKey | undefined;

  const ask = async (request: TokenRequest): Promise<Token> => {
    const issuer = await issuers.find(request);
    signingKey ??= await importKey(checkedKey);
    for (let again = false; ; again = true) {
      const { clockOffsetMs } = issuer;
      const assertion = await sign(signingKey, checkedKey, issuer);
      const grant: Grant = {
        type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
        clientId: checkedKey.userId,
        // The assertion is the only credential.
        authentication: () => {},
        parameters: { assertion, scope: checked.scope },
        secrets: [assertion],
      };
      const outcome = await requestToken(issuers, issuer, grant, request);
      if ("token" in outcome) {
        return outcome.token;
      }
      // The rejection carries the server's time. If the clocks differ, that may be the whole cause.
      const learned = Math.abs(issuer.clockOffsetMs - clockOffsetMs) > notableOffsetMs;
      if (again || !learned || outcome.refusal.error !== "invalid_grant") {
        throw refused(outcome.refusal, checkedKey, issuer);
      }
    }
  };
  return createTokenSource(ask, options);
}

async function importKey({ pkcs8 }: CheckedKey): Promise<CryptoKey> {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  try {
    return await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
  } catch {
    throw tokenError(
      "the service account's key file does not hold an RSA private key that can be read",
      Code.FailedPrecondition,
    );
  }
}

async function sign(
  signingKey: CryptoKey,
  { keyId, userId }: CheckedKey,
  { metadata, clockOffsetMs }: Issuer,
): Promise<string> {
  const issuedAt = Math.floor((Date.now() + clockOffsetMs) / 1000) - backdateSeconds;
  const jwt = new SignJWT()
    .setProtectedHeader({ alg: "RS256", kid: keyId })
    .setIssuer(userId)
    .setSubject(userId)
    .setAudience(metadata.issuer)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds);
  try {
    return await jwt.sign(signingKey);
  } catch {
    throw tokenError(
      "the service account's key cannot sign; RS256 needs an RSA key of 2048 bits or more",
      Code.FailedPrecondition,
    );
  }
}

/**
 * Creates the error for a rejected key. ZITADEL answers "invalid assertion" for every cause, so the likely causes are added here.
 */
function refused(
  refusal: OAuthError,
  { keyId, userId, expiresAtMs }: CheckedKey,
  { metadata, clockOffsetMs }: Issuer,
): ConnectError {
  const hints: string[] = [];
  if (expiresAtMs !== undefined && expiresAtMs <= Date.now() + clockOffsetMs) {
    hints.push(`the key expired on ${new Date(expiresAtMs).toISOString()}; make a new one`);
  } else if (refusal.error === "invalid_grant") {
    hints.push(
      `is the key ${keyId} still one of the user ${userId}, and is that a user of ${metadata.issuer}?`,
    );
  } else if (refusal.description.includes("Errors.User.NotActive")) {
    hints.push(`the user ${userId} is deactivated`);
  }
  if (Math.abs(clockOffsetMs) > notableOffsetMs) {
    const seconds = Math.round(Math.abs(clockOffsetMs) / 1000);
    const way = clockOffsetMs > 0 ? "behind" : "ahead of";
    hints.push(`this machine's clock is ${seconds} s ${way} the server's, which was corrected`);
  }
  return tokenError(
    [
      `the token endpoint rejected the service account's key: ${formatOAuthError(refusal)}`,
      ...hints,
    ].join("; "),
    Code.Unauthenticated,
  );
}
