import type { Finding } from "./finding.js";

/** The change of a field that remedies a finding. */
export interface RemedyChange {
  /** The field, by its name in provider files, e.g. `options.autoLinking`. */
  readonly field: string;
  /** The new value. Absent if only the user knows it. */
  readonly value?: string | undefined;
}

/** A finding, and the change that its remedy describes. The doctor turns the change into a command. */
export interface RemediedFinding {
  readonly finding: Finding;
  /** The change. Absent if the remedy is not the change of one field. */
  readonly change?: RemedyChange | undefined;
}
