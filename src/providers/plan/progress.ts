import { notify } from "../../utils/notify.js";
import type { Owner } from "./owner.js";

/** The progress of `plan` and `apply`. */
export interface Progress {
  /** The phase: `plan` reads the current providers, `check` compares them with the plan once more, `apply` carries out the actions. */
  readonly phase: "plan" | "check" | "apply";
  /** The owner whose step is completed. */
  readonly owner: Owner;
  /** The number of completed owners; in the phase `apply`, of completed actions. */
  readonly done: number;
  /** The number of owners; in the phase `apply`, of actions. */
  readonly total: number;
}

/** Creates a function that counts the completed steps of a phase and reports each to `onProgress`. */
export function createProgressReporter(
  onProgress: ((progress: Progress) => void) | undefined,
  phase: Progress["phase"],
  total: number,
): (owner: Owner) => void {
  let done = 0;
  return (owner) => {
    done++;
    notify(() => onProgress?.({ phase, owner, done, total }));
  };
}
