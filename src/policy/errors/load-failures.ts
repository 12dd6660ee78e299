import type { DescMethod } from "@bufbuild/protobuf";
import type { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import type { ConnectError } from "@connectrpc/connect";
import type { CallRecord } from "../../call/call-record.js";
import { connectError, isConnectError } from "../../call/connect-error.js";
import { evidenceOf, withEvidence } from "../../call/evidence.js";

type Failures = typeof import("../../failures.js");

const noSideEffects: MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS = 1;

let loading: Promise<Failures> | undefined;

/**
 * Loads the code that handles failed calls. Every client starts loading it with its first call (`prepareForFailure`), so it is
 * usually ready.
 *
 * The import fails if the package's files or the network are gone. The call then fails with an error that names its own code and
 * its outcome, but without its text, which cannot be redacted. The next failure tries the import again.
 */
export async function loadFailures(
  thrown: unknown,
  method: DescMethod,
  record: CallRecord,
): Promise<Failures> {
  loading ??= import("#failures");
  try {
    return await loading;
  } catch {
    loading = undefined;
    throw unexplained(thrown, method, record);
  }
}

/** Creates the error of a call whose failure cannot be explained. `isOutcomeUnknown` recognizes it by its `outcome`. */
function unexplained(thrown: unknown, method: DescMethod, record: CallRecord): ConnectError {
  const { notDone } = evidenceOf(thrown);
  const isUnsent = notDone !== undefined || !record.sent;
  const isCertain = method.idempotency === noSideEffects || (isUnsent && !record.mayBeDone);
  // The code is the only part of an error that is safe before secrets are removed.
  const code = isConnectError(thrown) ? ` with code ${thrown.code}` : "";
  const error = connectError(
    "unavailable",
    `the call failed${code}, and the part of zitadel-idp that explains errors cannot be loaded: check that its files and the network are still available.${isCertain ? "" : " It is unknown whether the call was carried out."}`,
  );
  return withEvidence(Object.assign(error, { outcome: isCertain ? "not_done" : "unknown" }), {
    broken: true,
    ...(notDone && { notDone }),
  });
}
