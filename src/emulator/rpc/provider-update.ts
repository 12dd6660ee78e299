import { equals } from "@bufbuild/protobuf";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import {
  type ProviderConfig,
  ProviderConfigSchema,
  ProviderType,
} from "../../../gen/zitadel/idp_pb.js";
import { rejectNulInLookup } from "../errors/nul-errors.js";
import { trim } from "../../utils/trim.js";
import { andThen, type MaybePromise } from "../maybe-promise.js";
import { createChangeDetails, readLastEvent, updateDetails } from "../store/object-details.js";
import type { StoredOwner } from "../store/stored-owner.js";
import type { StoredProvider } from "../store/stored-provider.js";
import { type ProviderDraft, readProviderDraft } from "./provider-draft.js";
import { describeProviderUpdate } from "./provider-events.js";
import { providerNotFoundError } from "./provider-not-found-error.js";
import type { ProviderTypeDefinition } from "./provider-type-definition.js";
import { isFieldSet, readStringField } from "./request-fields.js";
import type { ResponseFields, RpcContext } from "./rpc-handler.js";

/**
 * Replaces a provider, except for the fields that the server cannot empty. An update without an effective change writes no event.
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
  const stored = owner.providers.get(id);
  if (stored === undefined || !isFoundByUpdate(stored, definition, owner)) {
    throw providerNotFoundError(owner, definition.notFoundIds, definition.notFoundKey);
  }
  const { view } = stored;
  const isSecretSet =
    definition.secretField !== undefined && isFieldSet(request, definition.secretField);
  let isChanged: boolean;
  if (view.type === definition.type) {
    if (owner.legacy.has(view.id)) {
      keepIdTokenMapping(stored, next.config);
    }
    const isOtherChange = definition.rules?.keepStoredValues?.({ request, next, stored }) ?? false;
    const hasKeptScopes =
      definition.type !== ProviderType.ZITADEL && keepScopes(next.config, view.config);
    isChanged = isSecretSet || isOtherChange || hasKeptScopes || !isDraftEqual(next, view);
  } else {
    // A legacy IDP of the other type has no config that the update could change.
    next.config.config = view.config?.config ?? next.config.config;
    isChanged = true;
  }
  if (isChanged) {
    const event = events.record(...describeProviderUpdate(definition, request, view, next));
    updateDetails(view.details, event);
    view.name = next.name;
    view.config = next.config;
  }
  const event =
    !isChanged && definition.rules?.returnsAddEventIfUnchanged
      ? stored.added.event
      : readLastEvent(view.details);
  return { details: createChangeDetails(owner, event) };
}

/**
 * Returns true if an update finds the provider. Updates of Generic OIDC and of JWT providers both find legacy IDPs of either
 * type.
 */
function isFoundByUpdate(
  { view }: StoredProvider,
  definition: ProviderTypeDefinition,
  owner: StoredOwner,
): boolean {
  const isOpenType = definition.type === ProviderType.OIDC || definition.type === ProviderType.JWT;
  const isLegacyType = view.type === ProviderType.OIDC || view.type === ProviderType.JWT;
  return view.type === definition.type || (isOpenType && isLegacyType && owner.legacy.has(view.id));
}

/**
 * Keeps the id token mapping of a legacy IDP. Reads show the mapping as on, but on the write side it is off, so an update with
 * "off" is no change.
 */
function keepIdTokenMapping(stored: StoredProvider, { config }: ProviderConfig): void {
  if (config.case === "oidc") {
    stored.isIdTokenMappingSet ||= config.value.isIdTokenMapping;
    config.value.isIdTokenMapping ||= !stored.isIdTokenMappingSet;
  }
}

/**
 * Keeps the scopes if an update has none, because an update cannot empty them. Returns true if the server counts that as a
 * change.
 */
function keepScopes(next: ProviderConfig, current: ProviderConfig | undefined): boolean {
  const [updated, stored] = [next.config.value, current?.config.value];
  if (
    updated &&
    stored &&
    "scopes" in updated &&
    "scopes" in stored &&
    updated.scopes.length === 0
  ) {
    updated.scopes = [...stored.scopes];
    return stored.scopes.length > 0;
  }
  return false;
}

function isDraftEqual(
  a: ProviderDraft,
  b: { name: string; config?: ProviderConfig | undefined },
): boolean {
  return (
    a.name === b.name && b.config !== undefined && equals(ProviderConfigSchema, a.config, b.config)
  );
}
