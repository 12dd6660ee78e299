import type { JWTPayload } from "jose";
import { type Account, type Accounts, present } from "./accounts.js";
import { OAuthError } from "./error.js";

/** The server's allowance for clocks that differ. It works against an assertion that is about to expire. */
const offsetSeconds = 1;
const maxAgeSeconds = 60 * 60;

/** Finds the service user that signed an assertion (RFC 7523). Whatever is wrong with one, the server says the same. */
export async function verifyAssertion(
  accounts: Accounts,
  assertion: string,
  issuer: string,
): Promise<Account> {
  // Loaded by the first assertion, so that an emulator starts without it.
  const jose = await import("jose");
  try {
    const claims = jose.decodeJwt(assertion);
    const account = present(accounts, accounts.byId.get(claims.iss ?? ""));
    const key = account?.keys.get(jose.decodeProtectedHeader(assertion).kid ?? "");
    if (account !== undefined && key !== undefined && areGood(claims, issuer)) {
      await jose.compactVerify(assertion, await jose.importJWK({ ...key }, "RS256"), {
        algorithms: ["RS256"],
      });
      return account;
    }
  } catch {
    // Not a JWT at all, or signed with another key.
  }
  throw new OAuthError("invalid_grant", "invalid assertion");
}

/** The server's own rules, which are stricter than those of RFC 7519. */
function areGood({ iss, sub, aud, iat, exp }: JWTPayload, issuer: string): boolean {
  const now = Date.now() / 1000;
  return (
    iss === sub &&
    [aud].flat().includes(issuer) &&
    isTime(exp) &&
    exp > now + offsetSeconds &&
    isTime(iat) &&
    iat <= Math.round(now + offsetSeconds) &&
    iat >= Math.round(now - maxAgeSeconds)
  );
}

/** Whole seconds; nothing else is a time to the server. */
function isTime(value: number | undefined): value is number {
  return Number.isSafeInteger(value);
}
