import type { Transport } from "@connectrpc/connect";
import { Code } from "@connectrpc/connect";
import { createUnsentError } from "../call/unsent-error.js";

/** Creates the `stream` of a transport for unary RPCs, which rejects every call and names an alternative. */
export function rejectStreams(alternative: string): Transport["stream"] {
  return async ({ parent, name }) => {
    throw createUnsentError(
      `${parent.name}.${name} is a streaming RPC: use ${alternative}`,
      Code.Unimplemented,
    );
  };
}
