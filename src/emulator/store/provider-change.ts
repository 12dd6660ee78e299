import type { Options, ProviderConfig, ProviderType } from "../../../gen/zitadel/idp_pb.js";
import type { HistoryEvent } from "./history.js";
import { updateDetails } from "./object-details.js";
import type { StoredProvider } from "./stored-provider.js";

/** The content of an event that changes a provider: the new values of the fields that change. */
export interface ProviderChange {
  readonly name?: string;
  readonly options?: Partial<Options>;
  readonly config?: {
    readonly case: ProviderConfig["config"]["case"];
    readonly fields: object;
  };
}

/** Applies an event to the view of a provider, and to the write models of the types that know such events. */
export function applyProviderChange(
  { view, writeModels }: StoredProvider,
  types: readonly ProviderType[],
  change: ProviderChange,
  event: HistoryEvent,
): void {
  for (const type of types) {
    const writeModel = writeModels.get(type);
    if (writeModel !== undefined) {
      setChangedFields(writeModel, change);
      writeModel.lastEvent = event;
    }
  }
  setChangedFields(view, change);
  updateDetails(view.details, event);
}

/** Sets the changed fields. A config of another type stays as it is, because the event has no field of it. */
function setChangedFields(
  target: { name: string; config?: ProviderConfig | undefined },
  { name = target.name, options, config }: ProviderChange,
): void {
  target.name = name;
  Object.assign(target.config?.options ?? {}, options);
  if (config !== undefined && config.case === target.config?.config.case) {
    Object.assign(target.config?.config.value ?? {}, config.fields);
  }
}
