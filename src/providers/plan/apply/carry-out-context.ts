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
  /** The ids of the added providers of this owner, by `toProviderKey`. */
  readonly addedIds: Map<string, string>;
  /** The ids of the added providers of the instance, by `toProviderKey`. */
  readonly addedToInstance: Map<string, string>;
  /** Collects a duplicate: a provider that another writer has added since the plan was checked. */
  onDuplicate(duplicate: Duplicate): void;
}

/** The next step of the caller if the state could not record a write. */
export const nextStep = "Run apply again: it continues where it stopped";
