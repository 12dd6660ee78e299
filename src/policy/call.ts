import { type ContextKey, createContextKey } from "@connectrpc/connect";

/** What the layers around a wire tell each other about one call, over all its attempts. */
export interface CallRecord {
  /** How many requests were sent for it, or were about to be. */
  attempts: number;
  /** Texts that must not be in any error of the call, such as its token. */
  readonly secrets: Set<string>;
}

/** Where a call's record is. Without `withErrors` or `withRetry` around the transport there is none. */
export const callRecord: ContextKey<CallRecord | undefined> = createContextKey<
  CallRecord | undefined
>(undefined, { description: "what the layers of a call tell each other" });
