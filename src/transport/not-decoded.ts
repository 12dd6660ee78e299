import type { ContextKey } from "@connectrpc/connect";

/**
 * The key under which a call may put a list. The JSON transport writes into it the paths of what it passed over in the answer:
 * fields and names of enum values that the schema does not have. In binary such things stay in the message.
 */
export const notDecodedKey: ContextKey<string[] | undefined> = {
  // Registered, because the transport may be in a bundle of its own.
  id: Symbol.for("zitadel-idp.not-decoded"),
  defaultValue: undefined,
};
