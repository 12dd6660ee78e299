import { base64Encode } from "@bufbuild/protobuf/wire";
import type { SigningKey } from "./signing-key.js";

/** The claims of an id_token. */
interface IdTokenClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly clientId: string;
  /** The projects in the audience besides the client itself. */
  readonly audience: readonly string[];
  readonly accessToken: string;
  readonly expiresIn: number;
}

/** Creates a signed id_token that belongs to an access token. */
export async function createIdToken(
  { privateKey, jwk }: SigningKey,
  { issuer, subject, clientId, audience, accessToken, expiresIn }: IdTokenClaims,
): Promise<string> {
  const { SignJWT } = await import("jose");
  const now = Math.floor(Date.now() / 1000);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(accessToken));
  return new SignJWT({
    iss: issuer,
    sub: subject,
    aud: [...new Set([...audience, clientId])],
    exp: now + expiresIn,
    iat: now,
    auth_time: now,
    azp: clientId,
    client_id: clientId,
    // The hash is cut to its left half (OpenID Connect Core 1.0, 3.1.3.6).
    at_hash: base64Encode(new Uint8Array(digest, 0, digest.byteLength / 2), "url"),
  })
    .setProtectedHeader({ alg: "RS256", kid: jwk.kid })
    .sign(privateKey);
}
