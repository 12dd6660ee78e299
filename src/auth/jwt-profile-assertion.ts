import { Code } from "@connectrpc/connect";
import { SignJWT } from "jose";
import type { Issuer } from "./discover-issuer.js";
import type { CheckedKey } from "./service-account-key.js";
import { createTokenError } from "./token-error.js";

/** The age of `iat` when an assertion is signed. ZITADEL rejects an `iat` that is ahead of its clock or an hour old. */
const backdateSeconds = 30;
const lifetimeSeconds = 600;

/** Imports the private key of a key file. Throws `failed_precondition` if it is not an RSA key. */
export async function importSigningKey({ pkcs8 }: CheckedKey): Promise<CryptoKey> {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  try {
    return await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
  } catch {
    throw createTokenError(
      "the service account's key file does not contain an RSA private key that can be read",
      Code.FailedPrecondition,
    );
  }
}

/** Signs the assertion with which a service user requests a token (JWT profile, RFC 7523). */
export async function signAssertion(
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
    throw createTokenError(
      "the service account's key cannot sign; RS256 needs an RSA key of 2048 bits or more",
      Code.FailedPrecondition,
    );
  }
}
