import type { ContextKey } from "@connectrpc/connect";

/**
 * The key under which a call may put a list. The JSON transport writes into it the paths of what it passed over in the answer:
 * fields and names of enum values that the schema does not have. In binary such things stay in the message.
 */
export const notDecodedKey: ContextKey<string[] | undefined> = {
  id: Symbol("zitadel-idp.not-decoded"),
  defaultValue: undefined,
};
