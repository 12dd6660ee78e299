import { activateProvider, deactivateProvider } from "../../activate-provider.js";
import { ProviderError } from "../../provider-error.js";
import type { ActionProvider, SwitchAction } from "../actions.js";
import { toProviderKey } from "../desired/desired-entry.js";
import { describeActionProvider } from "../labels.js";
import type { ActionResult } from "./action-result.js";
import type { CarryOutContext } from "./carry-out-context.js";

/** Activates or deactivates a provider, which an earlier action may have added. */
export async function carryOutActivation(
  { action, provider }: SwitchAction,
  context: CarryOutContext,
): Promise<Pick<ActionResult, "id" | "warnings">> {
  const { api, operation } = context;
  const id = provider.id ?? findAddedId(provider, context);
  const options = operation.callOptions();
  const { warnings } =
    action === "activate"
      ? await activateProvider(api, id, options, provider.owner)
      : await deactivateProvider(api, id, options);
  return { id, ...(warnings.length > 0 && { warnings }) };
}

/** Returns the id of a provider that `apply` has added. Providers of the instance are added before any organization is changed. */
function findAddedId(
  provider: ActionProvider,
  { addedIds, addedToInstance }: CarryOutContext,
): string {
  const added = provider.owner === "instance" ? addedToInstance : addedIds;
  const id = added.get(toProviderKey(provider));
  if (id === undefined) {
    throw new ProviderError({
      reason: "stale_plan",
      about: `activation of ${describeActionProvider(provider)}`,
      problems: [{ path: [], message: "the provider was not added, so it cannot be activated" }],
    });
  }
  return id;
}
