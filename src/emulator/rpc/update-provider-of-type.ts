import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { trim } from "../../utils/trim.js";
import { rejectNulInLookup } from "../errors/nul-errors.js";
import { andThen, type MaybePromise } from "../maybe-promise.js";
import { createChangeDetails } from "../store/object-details.js";
import { applyProviderChange } from "../store/apply-provider-change.js";
import { setChangedFields } from "../store/set-changed-fields.js";
import { findProviderChange } from "./find-provider-change.js";
import { cloneProviderDraft, type ProviderDraft, readProviderDraft } from "./provider-draft.js";
import { describeProviderUpdate } from "./provider-events.js";
import { createProviderNotFoundError } from "./provider-not-found-error.js";
import type { ProviderTypeDefinition } from "./provider-type-definition.js";
import { isFieldSet, readClientSecret, readStringField } from "./request-fields.js";
import type { ResponseFields, RpcContext } from "./rpc-handler.js";

/**
 * Changes the fields of a provider that differ from the write model of the type, except for those that the server cannot empty. An
 * update without a difference writes no event.
 */
export function updateProviderOfType(
  definition: ProviderTypeDefinition,
  request: ReflectMessage,
  context: RpcContext,
): MaybePromise<ResponseFields> {
  const draft = readProviderDraft(definition, definition.requiredOnUpdate, request, context);
  return andThen(draft, (next) => replaceStoredProvider(definition, request, next, context));
}

function replaceStoredProvider(
  definition: ProviderTypeDefinition,
  request: ReflectMessage,
  next: ProviderDraft,
  { owner, events }: RpcContext,
): ResponseFields {
  const id = trim(readStringField(request, "id"));
  rejectNulInLookup("events", id);
  const writeModel = owner.writeModels.get(id)?.get(definition.type);
  if (writeModel === undefined) {
    throw createProviderNotFoundError(owner, definition.notFoundIds, definition.notFoundKey);
  }
  const { secretField, rules = {} } = definition;
  const isSecretSet = secretField !== undefined && isFieldSet(request, secretField);
  const stored = owner.providers.get(id);
  const isOtherChange =
    stored !== undefined && (rules.keepStoredValues?.({ request, next, stored }) ?? false);
  const difference = findProviderChange(writeModel, next, rules.canEmptyLists ?? false);
  if (difference === undefined && !isSecretSet && !isOtherChange) {
    return { details: createChangeDetails(owner, writeModel.lastEvent) };
  }
  const change = difference ?? {};
  const after = cloneProviderDraft(writeModel);
  setChangedFields(after, change);
  const event = events.record(
    ...describeProviderUpdate(definition, request, { id, ...writeModel }, after),
  );
  const clientSecret = readClientSecret(request);
  applyProviderChange(owner, id, [definition.type], { ...change, clientSecret }, event);
  return { details: createChangeDetails(owner, event) };
}
