import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import type { HistoryEvent } from "../store/record-events.js";
import type { ProviderWriteModel } from "../store/provider-write-model.js";
import { cloneProviderDraft, type ProviderDraft } from "./provider-draft.js";
import type { ProviderTypeDefinition } from "./provider-type-definition.js";
import { readClientSecret } from "./request-fields.js";

/** Creates the write model of a provider that was added, or that was migrated to the type. */
export function createWriteModel(
  { rules }: ProviderTypeDefinition,
  request: ReflectMessage,
  draft: ProviderDraft,
  lastEvent: HistoryEvent,
): ProviderWriteModel {
  return {
    ...cloneProviderDraft(draft),
    clientSecret: readClientSecret(request),
    lastEvent,
    unknownChanges: rules?.unknownChanges ?? [],
  };
}
