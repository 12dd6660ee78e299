import type { ProviderType } from "../../../gen/zitadel/idp_pb.js";
import type { HistoryEvent } from "./record-events.js";
import { updateDetails } from "./object-details.js";
import type { ProviderWriteModel } from "./provider-write-model.js";
import { type ProviderChange, setChangedFields } from "./set-changed-fields.js";
import type { StoredOwner } from "./stored-owner.js";

/**
 * Applies an event to the view of a provider, and to the write models of the types that know such events. The view or a write model
 * can be missing, because not all of them know the same removals.
 */
export function applyProviderChange(
  owner: StoredOwner,
  id: string,
  types: readonly ProviderType[],
  change: ProviderChange,
  event: HistoryEvent,
): void {
  for (const type of types) {
    const writeModel = owner.writeModels.get(id)?.get(type);
    if (writeModel !== undefined) {
      applyToWriteModel(writeModel, change, event);
    }
  }
  const view = owner.providers.get(id)?.view;
  if (view !== undefined) {
    setChangedFields(view, change);
    updateDetails(view.details, event);
  }
}

function applyToWriteModel(
  writeModel: ProviderWriteModel,
  change: ProviderChange,
  event: HistoryEvent,
): void {
  const { unknownChanges } = writeModel;
  if (unknownChanges === "all") {
    return;
  }
  const known = Object.entries(change.config?.fields ?? {}).filter(
    ([name]) => !unknownChanges.includes(name),
  );
  setChangedFields(writeModel, {
    ...change,
    ...(change.config && { config: { ...change.config, fields: Object.fromEntries(known) } }),
  });
  writeModel.clientSecret = change.clientSecret ?? writeModel.clientSecret;
  writeModel.lastEvent = event;
}
