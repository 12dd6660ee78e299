/** The values of a begun sign-in that must survive the visit to the login page. */
export interface PendingSignIn {
  readonly baseUrl: string;
  readonly clientId: string;
  /** The PKCE verifier, which proves that the same page asks for the token. */
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

const storageKey = "zitadel-console-sign-in";

/** Keeps a sign-in in this tab. No token is ever stored. */
export function keepPendingSignIn(pending: PendingSignIn): void {
  sessionStorage.setItem(storageKey, JSON.stringify(pending));
}

/** Returns the sign-in of this tab and removes it, so that it can be used once. Returns undefined if there is none. */
export function takePendingSignIn(): PendingSignIn | undefined {
  const text = sessionStorage.getItem(storageKey);
  sessionStorage.removeItem(storageKey);
  return text === null ? undefined : (JSON.parse(text) as PendingSignIn);
}
