import { notify } from "../../utils/notify.js";
import type { Owner } from "./owner.js";

/** The progress of `plan` and `apply`. */
export interface Progress {
  readonly phase: "plan" | "check" | "apply";
  readonly owner: Owner;
  /** The number of completed owners; in the phase `apply`, of completed actions. */
  readonly done: number;
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
