import type { Finding } from "../lint/finding.js";
import type { FixChange } from "../lint/fixable-finding.js";

/** A finding with facts that `mergeFindings` uses and removes. */
export interface DraftFinding extends Finding {
  /**
   * The change of a field that fixes the finding, which `mergeFindings` turns into a command. Absent if there is no such change, or if
   * the fix already contains its command.
   */
  readonly change?: FixChange | undefined;
  /** True if the check could not be made because a server did not answer. */
  readonly isUnanswered?: boolean | undefined;
}
