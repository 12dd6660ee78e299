import { copyDefaultPolicy } from "../../own-login-policy.js";
import type { PlannedAction } from "../actions.js";
import type { Owner } from "../owner.js";
import type { ActionResult } from "./action-result.js";
import { carryOutActivation } from "./carry-out-activation.js";
import type { CarryOutContext } from "./carry-out-context.js";
import { carryOutCreate } from "./carry-out-create.js";
import { carryOutDelete } from "./carry-out-delete.js";
import { carryOutUpdate } from "./carry-out-update.js";
import type { Duplicate } from "./duplicates.js";
import type { OwnerActions } from "./recheck-plan.js";

/** The results of the actions of one owner, and the duplicates that were found. */
export interface OwnerResult {
  readonly owner: Owner;
  readonly results: readonly ActionResult[];
  readonly duplicates: readonly Duplicate[];
}

/** Carries out the actions of one owner in order. After the first failure, the remaining actions are skipped. */
export async function carryOutActions(
  { desiredOwner, actions, known }: OwnerActions,
  {
    report,
    ...shared
  }: Omit<CarryOutContext, "desiredOwner" | "known" | "addedIds" | "onDuplicate"> & {
    /** Reports an action as attempted. */
    readonly report: (owner: Owner) => void;
  },
): Promise<OwnerResult> {
  const { owner } = desiredOwner;
  const results: ActionResult[] = [];
  const duplicates: Duplicate[] = [];
  const context: CarryOutContext = {
    ...shared,
    desiredOwner,
    known,
    addedIds: owner.owner === "instance" ? shared.addedToInstance : new Map(),
    onDuplicate: (duplicate) => duplicates.push(duplicate),
  };
  let hasFailed = false;
  for (const action of actions) {
    if (hasFailed) {
      results.push({ owner, action, status: "skipped" });
      continue;
    }
    try {
      const details = await carryOutAction(action, context);
      results.push({ owner, action, status: "done", ...details });
    } catch (error) {
      hasFailed = true;
      results.push({ owner, action, status: "failed", error });
    }
    report(owner);
  }
  return { owner, results, duplicates };
}

async function carryOutAction(
  action: PlannedAction,
  context: CarryOutContext,
): Promise<Pick<ActionResult, "id" | "warnings">> {
  switch (action.action) {
    case "create":
      return { id: await carryOutCreate(action, context) };
    case "update":
      await carryOutUpdate(action, context);
      return { id: action.provider.id };
    case "create-login-policy":
      await copyDefaultPolicy(context.api, context.operation);
      return {};
    case "activate":
    case "deactivate":
      return await carryOutActivation(action, context);
    default:
      await carryOutDelete(action, context);
      return { id: action.provider.id };
  }
}
