import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { IDPOwnerType, type Provider, ProviderConfigSchema } from "../../../gen/zitadel/idp_pb.js";
import { IDPConfigSchema } from "../../../gen/zitadel/idp/v2/idp_pb.js";
import type { GetIDPByIDRequest } from "../../../gen/zitadel/idp/v2/idp_service_pb.js";
import { requirePermission } from "../authorize.js";
import { rejectNulInLookup } from "../errors/nul-errors.js";
import { createServerError } from "../errors/server-error.js";
import type { EmulatorState } from "../store/emulator-state.js";
import { listRoles } from "../store/service-user.js";
import type { StoredOwner } from "../store/stored-owner.js";
import type { ResponseFields, RpcContext } from "./rpc-handler.js";

/**
 * Returns the provider with an id of any owner, in the form of the v2 service. The server looks for the provider before it
 * checks the permission.
 */
export function getProviderOfAnyOwner(
  { id }: GetIDPByIDRequest,
  { state, user }: RpcContext,
): ResponseFields {
  rejectNulInLookup("provider", id);
  const found = findProvider(id, state);
  if (found === undefined) {
    throw createServerError(Code.NotFound, "QUERY-SAFrt", "Errors.IDPConfig.NotExisting");
  }
  const { view, owner } = found;
  const isOfInstance = owner.type === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM;
  requirePermission(
    listRoles(user, state.instance.id, owner.id),
    isOfInstance ? "iam.idp.read" : "org.idp.read",
    "AUTH-AWfge",
  );
  return { idp: toV2Provider(view) };
}

function findProvider(
  id: string,
  { instance, organizations }: EmulatorState,
): { view: Provider; owner: StoredOwner } | undefined {
  const owner = [instance, ...organizations.values()].find(({ providers }) => providers.has(id));
  const view = owner?.providers.get(id)?.view;
  return owner && view && { view, owner };
}

/**
 * Converts a provider to the form of the v2 service. Its enums have the same numbers, and so have the fields of its config,
 * which lacks some of them.
 */
function toV2Provider({ id, details, state, name, type, config }: Provider): ResponseFields {
  return {
    id,
    details: details && {
      sequence: details.sequence,
      changeDate: details.changeDate,
      resourceOwner: details.resourceOwner,
      creationDate: details.creationDate,
    },
    state,
    name,
    type,
    config:
      config &&
      fromBinary(IDPConfigSchema, toBinary(ProviderConfigSchema, config), {
        readUnknownFields: false,
      }),
  };
}
