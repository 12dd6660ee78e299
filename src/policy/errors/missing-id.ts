import type { ConnectError } from "@connectrpc/connect";
import { connectError } from "../../call/connect-error.js";
import { withEvidence } from "../../call/evidence.js";

/** Creates the error of a response to an Add that has no id. */
export function missingId(): ConnectError {
  return withEvidence(
    connectError(
      "unknown",
      "the response has no id, which ZITADEL always sends after an Add: another server may have answered",
    ),
    { useless: true },
  );
}
