import type { DescMessage, JsonValue } from "@bufbuild/protobuf";
import type { ContextKey } from "@connectrpc/connect";

/** Looks at an answer in JSON, of which the message may not hold everything. */
export type LookAtJson = (output: DescMessage, json: JsonValue) => void;

/**
 * The key under which a call may put a function that the JSON transport calls with its answer: fields and names of enum values
 * that the schema does not have are not in the message then. In binary such things stay in the message.
 */
export const notDecodedKey: ContextKey<LookAtJson | undefined> = {
  // Registered, because the transport may be in a bundle of its own.
  id: Symbol.for("zitadel-idp.not-decoded"),
  defaultValue: undefined,
};
