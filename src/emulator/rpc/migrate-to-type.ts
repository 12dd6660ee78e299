import type { Message } from "@bufbuild/protobuf";
import { isReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { Code } from "@connectrpc/connect";
import { type Provider, ProviderType } from "../../../gen/zitadel/idp_pb.js";
import { type ErrorIds, errorIds } from "../errors/error-ids.js";
import { rejectNulInLookup } from "../errors/nul-errors.js";
import { createUntranslatedServerError } from "../errors/server-error.js";
import { andThen, type MaybePromise } from "../maybe-promise.js";
import type { HistoryEvent } from "../store/record-events.js";
import { createAddDetails, updateDetails } from "../store/object-details.js";
import { createWriteModel } from "./create-write-model.js";
import { cloneProviderDraft, type ProviderDraft, readProviderDraft } from "./provider-draft.js";
import { describeProviderMigration } from "./provider-events.js";
import { createProviderNotFoundError } from "./provider-not-found-error.js";
import type { ProviderTypeDefinition } from "./provider-type-definition.js";
import { providerTypes } from "./provider-types.js";
import { readStringField } from "./request-fields.js";
import { type ResponseFields, type RpcContext } from "./rpc-handler.js";

/**
 * The types that a Generic OIDC provider can migrate to, by the field of the request, with the id of the error for a missing
 * provider.
 */
const targets: Readonly<
  Record<string, { definition: ProviderTypeDefinition; notFoundIds: ErrorIds }>
> = {
  azure: {
    definition: findProviderType(ProviderType.AZURE_AD),
    notFoundIds: errorIds("Dg29201", "Dg239201"),
  },
  google: {
    definition: findProviderType(ProviderType.GOOGLE),
    notFoundIds: errorIds("Dg29202", "x09981"),
  },
};

/**
 * Migrates a Generic OIDC provider or a legacy IDP of either kind to another type, with all the fields of an add of that type. The
 * provider keeps its id.
 */
export function migrateToType(request: Message, context: RpcContext): MaybePromise<ResponseFields> {
  const { input, owner, events } = context;
  const fields = reflect(input, request);
  const targetField = fields.oneofs
    .map((oneof) => fields.oneofCase(oneof))
    .find((field) => field !== undefined);
  const target = targetField && targets[targetField.name];
  const template: unknown = targetField && fields.get(targetField);
  if (target === undefined || !isReflectMessage(template)) {
    // The server panics on a missing template, and returns this error without a translation.
    throw createUntranslatedServerError(Code.Internal, "RECOVER", "Errors.Internal");
  }
  return andThen(
    readProviderDraft(target.definition, target.definition.requiredOnAdd, template, context),
    (draft) => {
      const id = readStringField(fields, "id");
      rejectNulInLookup("events", id);
      const writeModels = owner.writeModels.get(id);
      if (!writeModels?.delete(ProviderType.OIDC)) {
        throw createProviderNotFoundError(owner, target.notFoundIds);
      }
      const { definition } = target;
      const event = events.record(
        ...describeProviderMigration(definition, template, { id, ...draft }),
      );
      writeModels.set(definition.type, createWriteModel(definition, template, draft, event));
      showMigration(owner.providers.get(id)?.view, definition.type, draft, event);
      return { details: createAddDetails(owner, event) };
    },
  );
}

/**
 * Shows the new type of a provider, together with its name, its options and its config.
 *
 * Reads return only one config of a provider, and prefer the one of JWT. A legacy JWT IDP keeps its config, because the server deletes
 * only the config of Generic OIDC.
 */
function showMigration(
  view: Provider | undefined,
  type: ProviderType,
  draft: ProviderDraft,
  event: HistoryEvent,
): void {
  if (view === undefined) {
    return;
  }
  const { name, config } = cloneProviderDraft(draft);
  const shown = view.config?.config;
  view.name = name;
  view.type = type;
  view.config = shown?.case === "jwt" ? { ...config, config: shown } : config;
  updateDetails(view.details, event);
}

function findProviderType(type: ProviderType): ProviderTypeDefinition {
  const definition = providerTypes.find((each) => each.type === type);
  if (definition === undefined) {
    throw new Error(`no provider type ${type}`);
  }
  return definition;
}
