import type { User } from "../state.js";

/** How long an access token is good for: twelve hours, the server's default. */
const lifetimeSeconds = 12 * 60 * 60;

/** The access tokens that the token endpoint gave out. */
export interface IssuedTokens {
  /** Makes a token for a user. Only one `forApi` is known to calls of the API. */
  issue(user: User, forApi: boolean): IssuedToken;
  /** Whose token it is, as long as it has not expired. */
  find(token: string): User | undefined;
}

export interface IssuedToken {
  readonly token: string;
  /** What is left of its life when the client reads it, in whole seconds. */
  readonly expiresIn: number;
}

export function createIssuedTokens(): IssuedTokens {
  // All live equally long, so the oldest, which come first, are the first to expire.
  const issued = new Map<string, { user: User; expiresAtMs: number }>();
  const forgetExpired = (): void => {
    for (const [token, { expiresAtMs }] of issued) {
      if (expiresAtMs > Date.now()) {
        return;
      }
      issued.delete(token);
    }
  };
  return {
    issue(user, forApi) {
      forgetExpired();
      const token = createToken();
      if (forApi) {
        issued.set(token, { user, expiresAtMs: Date.now() + lifetimeSeconds * 1000 });
      }
      // The server rounds down, and some time has always passed.
      return { token, expiresIn: lifetimeSeconds - 1 };
    },
    find(token) {
      const found = issued.get(token);
      return found !== undefined && found.expiresAtMs > Date.now() ? found.user : undefined;
    },
  };
}

/** 64 characters that say nothing, all of them fit for a header. */
function createToken(): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return [...crypto.getRandomValues(new Uint8Array(64))]
    .map((byte) => alphabet[byte % 64])
    .join("");
}
