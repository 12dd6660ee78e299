import { connectError, isConnectError } from "../connect-error.js";
import { withEvidence } from "../transport/evidence.js";

type Failures = typeof import("../failures.js");

let loading: Promise<Failures> | undefined;

/**
 * Loads what deals with failed calls. Where the package is installed that cannot fail; in a browser it can, if the network
 * is what made the call fail: then the call fails with the code that it had, without a text that nobody has redacted, and
 * the next failure tries again.
 */
export async function loadFailures(thrown: unknown): Promise<Failures> {
  loading ??= import("#failures");
  try {
    return await loading;
  } catch {
    loading = undefined;
    throw withEvidence(
      connectError(
        "unavailable",
        `the call failed${codeOf(thrown)}, and so did loading the part of zitadel-idp that says why: perhaps there is no network; a write may have been carried out`,
      ),
      { broken: true },
    );
  }
}

/** All that may be told of an error before secrets are taken out of it. */
function codeOf(thrown: unknown): string {
  return isConnectError(thrown) ? ` with code ${thrown.code}` : "";
}
