import type { DescMessage, JsonValue } from "@bufbuild/protobuf";
import type { ContextKey } from "@connectrpc/connect";

/** A function that inspects a JSON response, which may hold more than the decoded message. */
export type LookAtJson = (output: DescMessage, json: JsonValue) => void;

/**
 * The context key for a function that the JSON transport calls with its response. Fields and enum values that the schema does not
 * have are missing in the message; in binary, they stay in the message.
 */
export const notDecodedKey: ContextKey<LookAtJson | undefined> = {
  // A registered symbol, because the transport may be in a bundle of its own.
  id: Symbol.for("zitadel-idp.not-decoded"),
  defaultValue: undefined,
};
