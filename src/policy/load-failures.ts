import { Code, ConnectError } from "@connectrpc/connect";
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
    const { code } = ConnectError.from(thrown, Code.Unavailable);
    throw withEvidence(
      new ConnectError(
        "the call failed, and so did loading the part of zitadel-idp that says why: perhaps there is no network; a write may have been carried out",
        code,
      ),
      { broken: true },
    );
  }
}
