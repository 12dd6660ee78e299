/** A sign-in with a provider that has begun. ZITADEL calls it an intent. */
export interface StartedIntent {
  readonly id: string;
  readonly providerId: string;
  /** The page to which the browser goes after a failed sign-in. */
  readonly failureUrl: string;
  /** The verifier of PKCE, if the provider uses it. */
  readonly codeVerifier: string | undefined;
  /** True after the provider has answered, with or without success. */
  isEnded: boolean;
}

/** The number of sign-ins that are kept, so that their list does not grow without end. */
const maxIntents = 1000;

/** Adds a sign-in, and forgets the oldest one above the limit. */
export function addIntent(intents: Map<string, StartedIntent>, intent: StartedIntent): void {
  intents.set(intent.id, intent);
  const [oldest] = intents.keys();
  if (intents.size > maxIntents && oldest !== undefined) {
    intents.delete(oldest);
  }
}
