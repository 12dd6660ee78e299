import type { Finding } from "./finding.js";

/** The change of a field that fixes a finding. */
export interface FixChange {
  /** The field, by its name in provider files, e.g. `options.autoLinking`. */
  readonly field: string;
  /** The new value. Absent if only the user knows it. */
  readonly value?: string | undefined;
}

/** A finding, and the change that its fix describes. The doctor turns the change into a command. */
export interface FixableFinding {
  readonly finding: Finding;
  /** The change. Absent if the fix is not the change of one field. */
  readonly change?: FixChange | undefined;
}
