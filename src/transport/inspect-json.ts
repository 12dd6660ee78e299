import type { DescMessage, JsonValue } from "@bufbuild/protobuf";
import type { ContextKey } from "@connectrpc/connect";

/** A function that inspects a JSON response, which may hold more than the decoded message. */
type InspectJson = (output: DescMessage, json: JsonValue) => void;

/**
 * The context key of a function that the JSON transport calls with its response. The message lacks fields and enum values that the
 * schema does not have. A message that was decoded from binary keeps them.
 *
 * The function travels in the context values of a call, past all layers: `collectUnknownFields` in providers/owner-reads.ts sets it,
 * and `inspectJson` in transport/json.ts calls it. A transport of the caller does not know it, and then nothing is inspected.
 */
export const inspectJsonKey: ContextKey<InspectJson | undefined> = {
  id: Symbol("zitadel-idp.inspect-json"),
  defaultValue: undefined,
};
