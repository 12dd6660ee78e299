import type { OwnerApi } from "../../owner-api.js";
import type { PlanContext } from "../plan-context.js";
import type { StateJournal } from "../state/state-journal.js";
import type { Duplicate } from "./duplicates.js";
import type { OwnerActions } from "./recheck-plan.js";

/** The context in which the actions of one owner are carried out. */
export interface CarryOutContext
  extends
    Pick<PlanContext, "operation" | "fingerprinter">,
    Pick<OwnerActions, "desiredOwner" | "known"> {
  readonly api: OwnerApi;
  readonly journal: StateJournal;
  /** The ids of the providers that were added, by their keys. */
  readonly addedIds: Map<string, string>;
  /** The ids of the providers that were added to the instance, by their keys. */
  readonly addedToInstance: Map<string, string>;
  /** Called with a provider that another writer has added in the meantime. */
  onDuplicate(duplicate: Duplicate): void;
}

/** The next step of the caller after a write that the state could not record. */
export const nextStep = "Run apply again: it continues where it stopped";
