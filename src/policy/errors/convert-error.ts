import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { AttemptError } from "../../call/attempt-error.js";
import { createUnsentError } from "../../call/unsent-error.js";
import { Call } from "../../call/call.js";
import { Deadline } from "../../call/deadline.js";
import { decideOutcome } from "../../call/outcome.js";
import { classify } from "../classify/classify.js";
import type { FailedCall } from "./failed-call.js";
import type { ZitadelError } from "./zitadel-error.js";

type FailureCode = typeof import("./failure-code.js");

let loading: Promise<FailureCode> | undefined;

/**
 * Loads the code that only failed calls need: hints, and the removal of secrets. Every client starts this with its first call, because
 * a later import may fail for the same reason as the call: the network or the files are gone. After a failure, the next call of this
 * function tries again.
 *
 * The code is separate from the entry because a browser loads 19 KB (gzip) less before its first call (`npm run size`).
 */
export function loadFailureCode(): Promise<FailureCode> {
  if (loading === undefined) {
    loading = import("./failure-code.js");
    loading.catch(() => {
      loading = undefined;
    });
  }
  return loading;
}

/**
 * Converts anything that a transport threw into the error that callers get.
 *
 * If the code cannot be loaded, throws an error that names the code and the outcome of the call, but not the text of its failure,
 * which cannot be redacted. The next failure tries the import again.
 */
export async function convertError(thrown: unknown, failed: FailedCall): Promise<ZitadelError> {
  let loaded: FailureCode;
  try {
    loaded = await loadFailureCode();
  } catch {
    throw createUnexplainedError(thrown, failed);
  }
  return loaded.toZitadelError(thrown, failed);
}

/** Returns the error of a call that did not begin, because of a problem that the client found in its arguments. */
export async function convertUnsentProblem(
  problem: string,
  method: DescMethod,
  input: unknown,
): Promise<ZitadelError> {
  const error = createUnsentError(problem, Code.InvalidArgument);
  const call = new Call(new Deadline());
  return await convertError(error, {
    method,
    input,
    call,
    protocol: undefined,
    baseUrl: undefined,
  });
}

/** Creates the error of a call whose failure cannot be explained. `isOutcomeUnknown` recognizes it by its `outcome`. */
function createUnexplainedError(thrown: unknown, failed: FailedCall): ConnectError {
  const { notDone } = AttemptError.factsOf(thrown);
  const outcome = decideOutcome(failed, classify(ConnectError.from(thrown)).mayBeDone);
  // The code is the only part of an error that is safe before secrets are removed.
  const code = thrown instanceof ConnectError ? ` with code ${thrown.code}` : "";
  const error = new AttemptError(
    `the call failed${code}, and the part of zitadel-idp that explains errors cannot be loaded: check the files and the network.${outcome === "not_done" ? "" : " It is unknown whether the call was carried out."}`,
    Code.Unavailable,
    { connectionBroke: true, ...(notDone && { notDone }) },
  );
  return Object.assign(error, { outcome });
}
