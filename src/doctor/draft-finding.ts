import type { Finding } from "../lint/finding.js";
import type { RemedyChange } from "../lint/remedied-finding.js";

/** A finding with facts for the doctor itself, which `mergeFindings` uses and removes. */
export interface DraftFinding extends Finding {
  /**
   * The change of a field that remedies the finding, from which the doctor makes a command. Absent if there is no such change, or if the
   * remedy has its command already.
   */
  readonly change?: RemedyChange | undefined;
  /** True if a server gave no answer, so that a check could not be made. */
  readonly isUnanswered?: boolean | undefined;
}
