import type { JWTPayload } from "jose";
import { type Account, type Accounts, findAccountById } from "../store/accounts.js";
import { OAuthError } from "./oauth-error.js";

/** The server's allowance for clock differences. It shortens the life of an assertion that is about to expire. */
const offsetSeconds = 1;
const maxAgeSeconds = 60 * 60;

/**
 * Returns the account of the service user that signed an assertion (RFC 7523).
 *
 * Throws the same error for every invalid assertion, as the server does.
 */
export async function verifyAssertion(
  accounts: Accounts,
  assertion: string,
  issuer: string,
): Promise<Account> {
  // Import jose with the first assertion, so that an emulator starts without it.
  const jose = await import("jose");
  try {
    const claims = jose.decodeJwt(assertion);
    const account = findAccountById(accounts, claims.iss ?? "");
    const key = account?.keys.get(jose.decodeProtectedHeader(assertion).kid ?? "");
    if (account !== undefined && key !== undefined && areClaimsValid(claims, issuer)) {
      await jose.compactVerify(assertion, await jose.importJWK({ ...key }, "RS256"), {
        algorithms: ["RS256"],
      });
      return account;
    }
  } catch {
    // The assertion is not a JWT, or was signed with another key.
  }
  throw new OAuthError("invalid_grant", "invalid assertion");
}

/** Checks the claims by the server's own rules, which are stricter than those of RFC 7519. */
function areClaimsValid({ iss, sub, aud, iat, exp }: JWTPayload, issuer: string): boolean {
  const now = Date.now() / 1000;
  return (
    iss === sub &&
    [aud].flat().includes(issuer) &&
    isWholeSeconds(exp) &&
    exp > now + offsetSeconds &&
    isWholeSeconds(iat) &&
    iat <= Math.round(now + offsetSeconds) &&
    iat >= Math.round(now - maxAgeSeconds)
  );
}

/** Returns true for whole seconds, the only times that the server accepts. */
function isWholeSeconds(value: number | undefined): value is number {
  return Number.isSafeInteger(value);
}
