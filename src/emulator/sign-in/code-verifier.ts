import { base64Encode } from "@bufbuild/protobuf/wire";

/** Creates a code verifier of PKCE (RFC 7636) with 43 characters. */
export function createCodeVerifier(): string {
  return base64Encode(crypto.getRandomValues(new Uint8Array(32)), "url");
}

/** Returns the S256 code challenge of a verifier. */
export async function createCodeChallenge(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return base64Encode(new Uint8Array(digest), "url");
}
