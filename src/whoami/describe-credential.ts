import type { Token } from "../auth/token-supplier.js";
import { describeToken } from "../hints/describe-token.js";

/** The facts about the token of the calls. They contain no part of the token except its issuer. */
export interface TokenReport {
  /**
   * The kind of token.
   *
   * - `jwtAccessToken`: an access token that shows its issuer and its expiry.
   * - `opaqueAccessToken`: an access token from the token endpoint that shows neither.
   * - `opaqueToken`: a token that was given, not fetched: a personal access token, an access token or a session token, which look
   *   alike.
   * - `assertion`: a JWT that the user signed. ZITADEL does not accept it as a token.
   */
  readonly kind: "jwtAccessToken" | "opaqueAccessToken" | "opaqueToken" | "assertion";
  /** The expiry in ISO 8601. Absent for an opaque token that was given, which does not show it. */
  readonly expiresAt?: string | undefined;
  readonly issuer?: string | undefined;
}

/** Describes a token. `isFetched` is true for a token from the token endpoint. */
export function describeCredential(
  { accessToken, expiresAtMs: fetchedExpiryMs }: Token,
  isFetched: boolean,
): TokenReport {
  const { kind, expiresAtMs = fetchedExpiryMs, issuer, isAssertion } = describeToken(accessToken);
  const expiresAt = expiresAtMs === undefined ? undefined : new Date(expiresAtMs).toISOString();
  if (kind === "opaque") {
    return { kind: isFetched ? "opaqueAccessToken" : "opaqueToken", expiresAt };
  }
  return { kind: isAssertion ? "assertion" : "jwtAccessToken", expiresAt, issuer };
}
