import type { ConnectError } from "@connectrpc/connect";
import { connectError } from "../connect-error.js";
import { withEvidence } from "../transport/evidence.js";

/** Creates the error of a response to an Add that has no id. */
export function missingId(): ConnectError {
  return withEvidence(
    connectError(
      "unknown",
      "the answer has no id, which ZITADEL always gives of what was added: something else may have answered in its place",
    ),
    { useless: true },
  );
}
