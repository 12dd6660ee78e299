import { create } from "@bufbuild/protobuf";
import { reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import { Code } from "@connectrpc/connect";
import { IDPState, ProviderSchema, ProviderType } from "../../../gen/zitadel/idp_pb.js";
import type { ListQuery } from "../../../gen/zitadel/object_pb.js";
import { trim } from "../../utils/trim.js";
import { errorIds, pickErrorId } from "../errors/error-ids.js";
import { rejectNulInLookup } from "../errors/nul-errors.js";
import { createServerError } from "../errors/server-error.js";
import { andThen, type MaybePromise } from "../maybe-promise.js";
import { createSamlCertificate } from "../saml/saml-certificate.js";
import {
  createAddDetails,
  createChangeDetails,
  createStoredDetails,
} from "../store/object-details.js";
import { applyProviderChange } from "../store/apply-provider-change.js";
import type { StoredProvider } from "../store/stored-provider.js";
import { listVisibleOwners } from "../store/visible-owners.js";
import { filterList, type ListQueryFilter } from "./filter-list.js";
import { createListPage } from "./create-list-page.js";
import { createWriteModel } from "./create-write-model.js";
import { type ProviderDraft, readProviderDraft } from "./provider-draft.js";
import { describeProviderAdd, createEncryptedSecret } from "./provider-events.js";
import { createProviderNotFoundError } from "./provider-not-found-error.js";
import type { ProviderTypeDefinition } from "./provider-type-definition.js";
import { providerTypes } from "./provider-types.js";
import { updateProviderOfType } from "./update-provider-of-type.js";
import { type ResponseFields, type RpcContext, type RpcHandler } from "./rpc-handler.js";

/** The RPCs on providers of the types in `providerTypes`, and the RPCs that get, list and delete providers of any type. */
export const providerHandlers: Readonly<Record<string, RpcHandler>> = {
  GetProviderByID: getOwnProvider,
  ListProviders: listVisibleProviders,
  DeleteProvider: deleteOwnProvider,
  RegenerateSAMLProviderCertificate: regenerateCertificate,
  ...Object.fromEntries(
    providerTypes.flatMap((definition): [string, RpcHandler][] => [
      [
        `Add${definition.rpcInfix}Provider`,
        (request, context) =>
          addProviderOfType(definition, reflect(context.input, request), context),
      ],
      [
        `Update${definition.rpcInfix}Provider`,
        (request, context) =>
          updateProviderOfType(definition, reflect(context.input, request), context),
      ],
    ]),
  ),
};

/** The length of a private key in PEM, in bytes. */
const keyLength = 1675;

function addProviderOfType(
  definition: ProviderTypeDefinition,
  request: ReflectMessage,
  context: RpcContext,
): MaybePromise<ResponseFields> {
  const draft = readProviderDraft(definition, definition.requiredOnAdd, request, context);
  return andThen(draft, (each) => storeProvider(definition, request, each, context));
}

function storeProvider(
  definition: ProviderTypeDefinition,
  request: ReflectMessage,
  draft: ProviderDraft,
  { owner, state, events }: RpcContext,
): ResponseFields {
  const id = state.clock.newId();
  const event = events.record(...describeProviderAdd(definition, request, { id, ...draft }));
  const view = create(ProviderSchema, {
    id,
    details: createStoredDetails(owner, event),
    state: IDPState.IDP_STATE_ACTIVE,
    owner: owner.type,
    type: definition.type,
    ...draft,
  });
  const stored: StoredProvider = { view };
  definition.rules?.afterAdd?.(stored, request);
  owner.providers.set(id, stored);
  const writeModel = createWriteModel(definition, request, draft, event);
  owner.writeModels.set(id, new Map([[definition.type, writeModel]]));
  return { id, details: createAddDetails(owner, event) };
}

function getOwnProvider({ id }: { id: string }, { owner }: RpcContext): ResponseFields {
  rejectNulInLookup("provider", id);
  const idp = owner.providers.get(id)?.view;
  if (idp === undefined) {
    throw createServerError(Code.NotFound, "QUERY-SAFrt", "Errors.IDPConfig.NotExisting");
  }
  return { idp };
}

function listVisibleProviders(
  request: { query?: ListQuery; queries: ListQueryFilter[] },
  { owner, state }: RpcContext,
): ResponseFields {
  if (request.queries.some(({ query }) => query.case === undefined)) {
    const id = owner === state.instance ? "ADMIN-Dr2aa" : "ORG-Dr2aa";
    throw createServerError(Code.InvalidArgument, id, "List.Query.Invalid");
  }
  const all = listVisibleOwners(owner, state).flatMap((each) =>
    [...each.providers.values()].map(({ view }) => view),
  );
  return createListPage(
    filterList(all, request.queries, "providerList"),
    request.query,
    state.clock.now(),
  );
}

/** Deletes a provider. Login policies and human users keep their links to it. */
function deleteOwnProvider({ id }: { id: string }, { owner, events }: RpcContext): ResponseFields {
  rejectNulInLookup("events", id);
  // The server's delete does not find providers of the type ZITADEL.
  if (owner.providers.get(id)?.view.type === ProviderType.ZITADEL || !owner.providers.delete(id)) {
    throw createProviderNotFoundError(owner, errorIds("Se3tg"));
  }
  owner.writeModels.delete(id);
  owner.removedProviders.add(id);
  return { details: createChangeDetails(owner, events.record("idp.removed", { id })) };
}

function regenerateCertificate(
  { id }: { id: string },
  { owner, events }: RpcContext,
): ResponseFields {
  if (trim(id) === "") {
    throw createServerError(
      Code.InvalidArgument,
      pickErrorId(owner, errorIds("7de108gqya", "arv4vdrb6c")),
      "Errors.Invalid.Argument",
    );
  }
  rejectNulInLookup("events", id);
  const stored = owner.providers.get(trim(id));
  if (stored?.view.type !== ProviderType.SAML) {
    throw createProviderNotFoundError(owner, errorIds("76dbwsv9vm", "4dw21ch9o9"));
  }
  stored.certificate = createSamlCertificate();
  const event = events.record("idp.saml.changed", {
    id: trim(id),
    key: createEncryptedSecret(keyLength),
  });
  applyProviderChange(owner, stored.view.id, [ProviderType.SAML], {}, event);
  return { details: createChangeDetails(owner, event) };
}
