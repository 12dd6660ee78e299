import type { Finding } from "../lint/finding.js";
import type { RemedyChange } from "../lint/remedied-finding.js";

/** A finding with facts that `mergeFindings` uses and removes. */
export interface DraftFinding extends Finding {
  /**
   * The change of a field that remedies the finding, which `mergeFindings` turns into a command. Absent if there is no such change, or if
   * the remedy already contains its command.
   */
  readonly change?: RemedyChange | undefined;
  /** True if the check could not be made because a server did not answer. */
  readonly isUnanswered?: boolean | undefined;
}
