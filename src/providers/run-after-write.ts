import { isOutcomeUnknown } from "../policy/errors/zitadel-error.js";
import { messageOf } from "../utils/message.js";
import { optionText } from "../utils/option-text.js";
import { createProblem, ProviderError } from "./provider-error.js";

/** A completed write, and the next step of the caller if a later step fails. */
interface CompletedWrite {
  readonly about: string;
  readonly id: string;
  /** The completed write, e.g. `the provider was added`. */
  readonly done: string;
  /** The next step of the caller, as a sentence without its full stop. */
  readonly next: string;
}

/**
 * Runs the steps of an operation that follow a write. If a step fails, throws a `ProviderError` with the reason `partly_done`, which
 * names the provider and the next step. The error of the step alone could have the outcome `not_done`, which would be wrong here.
 */
export async function runAfterWrite<Result>(
  { about, id, done, next }: CompletedWrite,
  steps: () => Promise<Result>,
): Promise<Result> {
  try {
    return await steps();
  } catch (cause) {
    if (cause instanceof ProviderError && isOutcomeUnknown(cause)) {
      throw cause;
    }
    throw new ProviderError({
      reason: "partly_done",
      about,
      problems: [
        createProblem(
          [],
          optionText`${done} (id ${id}), but a later step failed. ${next}. Cause: ${messageOf(cause)}`,
          [cause],
        ),
      ],
      providerId: id,
      cause,
    });
  }
}
