import type { ServiceUser } from "./service-user.js";

/** The lifetime of an access token: twelve hours, the server's default. */
const tokenLifetimeSeconds = 12 * 60 * 60;

/** The access tokens that the token endpoint has issued. */
export interface IssuedTokens {
  /** Creates a token. */
  issue(grant: AccessGrant): IssuedToken;
  /** Returns the grant of a token, or `undefined` if the token is unknown, expired or revoked. */
  find(token: string): AccessGrant | undefined;
  /** Makes a token invalid. */
  revoke(token: string): void;
}

/** The rights that a token gives. */
export interface AccessGrant {
  readonly user: ServiceUser;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** True if calls of the API accept the token. */
  readonly forApi: boolean;
}

/** An access token and its remaining lifetime. */
interface IssuedToken {
  readonly token: string;
  /** The remaining lifetime when the client reads the token, in whole seconds. */
  readonly expiresIn: number;
}

/** Creates an empty list of tokens. */
export function createIssuedTokens(): IssuedTokens {
  // The map has the tokens in the order of their expiry, because all have the same lifetime.
  const issued = new Map<string, { grant: AccessGrant; expiresAtMs: number }>();
  const forgetExpired = (): void => {
    for (const [token, { expiresAtMs }] of issued) {
      if (expiresAtMs > Date.now()) {
        return;
      }
      issued.delete(token);
    }
  };
  return {
    issue(grant) {
      forgetExpired();
      const token = createToken();
      issued.set(token, { grant, expiresAtMs: Date.now() + tokenLifetimeSeconds * 1000 });
      // The server rounds down, and some time has always passed.
      return { token, expiresIn: tokenLifetimeSeconds - 1 };
    },
    find(token) {
      const found = issued.get(token);
      return found !== undefined && found.expiresAtMs > Date.now() ? found.grant : undefined;
    },
    revoke: (token) => void issued.delete(token),
  };
}

/** Creates a token of 64 random characters that are valid in a header. */
function createToken(): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return [...crypto.getRandomValues(new Uint8Array(64))]
    .map((byte) => alphabet[byte % 64])
    .join("");
}
