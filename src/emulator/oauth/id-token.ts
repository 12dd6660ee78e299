import { base64Encode } from "@bufbuild/protobuf/wire";
import type { SigningKey } from "./signing-key.js";
import type { UserClaims } from "./user-claims.js";

/** The claims of an id_token. */
interface IdTokenClaims {
  readonly issuer: string;
  readonly subject: string;
  readonly clientId: string;
  /** The projects in the audience besides the client itself. */
  readonly audience: readonly string[];
  /** The methods by which the user was authenticated. Empty if the server names none. */
  readonly methods: readonly string[];
  readonly userClaims: UserClaims;
  readonly accessToken: string;
}

/** Creates a signed id_token that belongs to an access token. As on the real server, the token expires when it is issued. */
export async function createIdToken(
  { privateKey, jwk }: SigningKey,
  { issuer, subject, clientId, audience, methods, userClaims, accessToken }: IdTokenClaims,
): Promise<string> {
  // Import jose with the first signature, so that an emulator starts without it.
  const { SignJWT } = await import("jose");
  const now = Math.floor(Date.now() / 1000);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(accessToken));
  return new SignJWT({
    iss: issuer,
    sub: subject,
    aud: [...new Set([...audience, clientId])],
    exp: now,
    iat: now,
    auth_time: now,
    ...(methods.length > 0 && { amr: methods }),
    azp: clientId,
    client_id: clientId,
    // The hash is cut to its left half (OpenID Connect Core 1.0, 3.1.3.6).
    at_hash: base64Encode(new Uint8Array(digest, 0, digest.byteLength / 2), "url"),
    ...userClaims,
  })
    .setProtectedHeader({ alg: "RS256", kid: jwk.kid, typ: "JWT" })
    .sign(privateKey);
}
