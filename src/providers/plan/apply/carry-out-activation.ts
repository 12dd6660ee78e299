import { activateProvider, deactivateProvider } from "../../activate-provider.js";
import type { SwitchAction } from "../actions.js";
import { providerKey } from "../desired/desired-entry.js";
import { describeProvider } from "../labels.js";
import type { ActionResult } from "./action-result.js";
import type { CarryOutContext } from "./carry-out-context.js";

/** Activates or deactivates a provider. It may be one that an earlier action has added. */
export async function carryOutActivation(
  { action, provider }: SwitchAction,
  { api, operation, addedIds }: CarryOutContext,
): Promise<Pick<ActionResult, "id" | "warnings">> {
  const id = provider.id ?? addedIds.get(providerKey(provider));
  if (id === undefined) {
    throw new Error(`${describeProvider(provider.type, provider.name)} was not added`);
  }
  const change = action === "activate" ? activateProvider : deactivateProvider;
  const { warnings } = await change(api, id, operation.callOptions());
  return { id, ...(warnings.length > 0 && { warnings }) };
}
