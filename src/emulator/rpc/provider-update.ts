import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { type ProviderConfig, ProviderType } from "../../../gen/zitadel/idp_pb.js";
import { trim } from "../../utils/trim.js";
import { andThen, type MaybePromise } from "../maybe-promise.js";
import { recordEvent } from "../store/history.js";
import { createChangeDetails } from "../store/object-details.js";
import { applyProviderChange } from "../store/provider-change.js";
import { findProviderChange } from "./find-provider-change.js";
import { keepScopes } from "./keep-scopes.js";
import { rejectNul } from "./nul-characters.js";
import { type ProviderDraft, readProviderDraft } from "./provider-draft.js";
import { providerNotFoundError } from "./provider-not-found-error.js";
import type { ProviderTypeDefinition } from "./provider-type-definition.js";
import { isFieldSet, readStringField } from "./request-fields.js";
import type { ResponseFields, RpcContext } from "./rpc-handler.js";

/**
 * Replaces a provider, except for the fields that the server cannot empty: changes the fields that differ from the write model of
 * the type. An update without a difference writes no event.
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
  { owner, state }: RpcContext,
): ResponseFields {
  const stored = owner.providers.get(trim(readStringField(request, "id")));
  const writeModel = stored?.writeModels.get(definition.type);
  if (stored === undefined || writeModel === undefined) {
    throw providerNotFoundError(owner, definition.notFoundIds, definition.notFoundKey);
  }
  const isSecretSet =
    definition.secretField !== undefined && isFieldSet(request, definition.secretField);
  const isOtherChange = definition.rules?.keepStoredValues?.({ request, next, stored }) ?? false;
  const hasKeptScopes =
    definition.type !== ProviderType.ZITADEL && keepConfigScopes(next.config, writeModel.config);
  const change = findProviderChange(writeModel, next);
  if (change === undefined && !isSecretSet && !isOtherChange && !hasKeptScopes) {
    const { lastEvent } = writeModel;
    const event = definition.rules?.returnsAddEventIfUnchanged ? stored.added.event : lastEvent;
    return { details: createChangeDetails(owner, event) };
  }
  rejectNul(request);
  const event = recordEvent(owner, state.clock);
  applyProviderChange(stored, [definition.type], change ?? {}, event);
  return { details: createChangeDetails(owner, event) };
}

function keepConfigScopes(
  { config: updated }: ProviderConfig,
  { config: stored }: ProviderConfig,
): boolean {
  return (
    updated.value !== undefined &&
    stored.value !== undefined &&
    "scopes" in updated.value &&
    "scopes" in stored.value &&
    keepScopes(updated.value, stored.value)
  );
}
