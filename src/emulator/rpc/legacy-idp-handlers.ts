import { Code } from "@connectrpc/connect";
import { IDPState } from "../../../gen/zitadel/idp_pb.js";
import { type ErrorIds, pickErrorId } from "../errors/error-ids.js";
import { rejectNulInPayload } from "../errors/nul-errors.js";
import { ownerError } from "../errors/owner-error.js";
import { serverError } from "../errors/server-error.js";
import { createChangeDetails, updateDetails } from "../store/object-details.js";
import { pickChanged } from "./event-payload.js";
import { addJwtIdp, addOidcIdp, type GeneralIdpFields } from "./legacy-idp-add.js";
import { updateJwtConfig, updateOidcConfig } from "./legacy-idp-config.js";
import { reserveLegacyName } from "./legacy-idp-names.js";
import { findLegacyIdp, getInstanceLegacyIdp, listLegacyIdps } from "./legacy-idp-reads.js";
import { removeInstanceIdp, removeOrgIdp } from "./legacy-idp-remove.js";
import { type ResponseFields, type RpcContext, type RpcHandler } from "./rpc-handler.js";

/** The RPCs of the legacy IDP API on the AdminService. Those of the ManagementService have other names and the same meaning. */
export const adminLegacyIdpHandlers: Readonly<Record<string, RpcHandler>> = {
  AddOIDCIDP: addOidcIdp,
  AddJWTIDP: addJwtIdp,
  GetIDPByID: getInstanceLegacyIdp,
  ListIDPs: listLegacyIdps,
  UpdateIDP: updateLegacyIdp,
  UpdateIDPOIDCConfig: updateOidcConfig,
  UpdateIDPJWTConfig: updateJwtConfig,
  DeactivateIDP: deactivateIdp,
  ReactivateIDP: reactivateIdp,
  RemoveIDP: removeInstanceIdp,
};

/** The RPCs of the legacy IDP API on the ManagementService. */
export const managementLegacyIdpHandlers: Readonly<Record<string, RpcHandler>> = {
  AddOrgOIDCIDP: addOidcIdp,
  AddOrgJWTIDP: addJwtIdp,
  GetOrgIDPByID: ({ id }: { id: string }, context: RpcContext) => ({
    idp: findLegacyIdp(id, context),
  }),
  ListOrgIDPs: listLegacyIdps,
  UpdateOrgIDP: updateLegacyIdp,
  UpdateOrgIDPOIDCConfig: updateOidcConfig,
  UpdateOrgIDPJWTConfig: updateJwtConfig,
  DeactivateOrgIDP: deactivateIdp,
  ReactivateOrgIDP: reactivateIdp,
  RemoveOrgIDP: removeOrgIdp,
};

function updateLegacyIdp(
  { idpId, name, stylingType, autoRegister }: GeneralIdpFields & { idpId: string },
  { owner, state, events }: RpcContext,
): ResponseFields {
  const idp = owner.legacy.get(idpId);
  if (idp === undefined) {
    const key =
      owner === state.instance
        ? "Errors.IDPConfig.NotExisting"
        : "Errors.Org.IDPConfig.NotExisting";
    throw serverError(Code.NotFound, pickErrorId(owner, ["INSTANCE-m0e3r", "Org-1J9fs"]), key);
  }
  if (name === idp.name && stylingType === idp.stylingType && autoRegister === idp.autoRegister) {
    throw ownerError(
      owner,
      Code.FailedPrecondition,
      ["INSTANCE-3k0fs", "Org-jf9w"],
      "IDPConfig.NotChanged",
    );
  }
  const before = { name: idp.name, stylingType: idp.stylingType, autoRegister: idp.autoRegister };
  const after = { name, stylingType, autoRegister };
  const payload = { idpConfigId: idpId, ...pickChanged(before, after) };
  // The database checks the event before it checks whether the name is unique.
  rejectNulInPayload(payload);
  reserveLegacyName(owner, idp.id, name, idp.name);
  const event = events.record("idp.config.changed", payload);
  Object.assign(idp, after);
  updateDetails(idp.details, event);
  const shown = owner.providers.get(idp.id)?.view;
  if (shown?.config?.options !== undefined) {
    shown.name = name;
    shown.config.options.isAutoCreation = autoRegister;
    updateDetails(shown.details, event);
  }
  return { details: createChangeDetails(owner, event) };
}

function deactivateIdp({ idpId }: { idpId: string }, context: RpcContext): ResponseFields {
  const { IDP_STATE_ACTIVE, IDP_STATE_INACTIVE } = IDPState;
  return switchState(
    idpId,
    IDP_STATE_ACTIVE,
    IDP_STATE_INACTIVE,
    ["INSTANCE-2n0fs", "Org-BBmd0"],
    "NotActive",
    context,
  );
}

function reactivateIdp({ idpId }: { idpId: string }, context: RpcContext): ResponseFields {
  const { IDP_STATE_ACTIVE, IDP_STATE_INACTIVE } = IDPState;
  return switchState(
    idpId,
    IDP_STATE_INACTIVE,
    IDP_STATE_ACTIVE,
    ["INSTANCE-5Mo0d", "Org-5Mo0d"],
    "NotInactive",
    context,
  );
}

/**
 * Changes the state of a legacy IDP. The view in the provider API does not show the state.
 *
 * An unknown IDP has no state, so it gets the same error as an IDP in the wrong state.
 */
function switchState(
  idpId: string,
  from: IDPState,
  to: IDPState,
  ids: ErrorIds,
  reason: string,
  { owner, events }: RpcContext,
): ResponseFields {
  const idp = owner.legacy.get(idpId);
  if (idp?.state !== from) {
    throw ownerError(owner, Code.FailedPrecondition, ids, `IDPConfig.${reason}`);
  }
  const change = to === IDPState.IDP_STATE_ACTIVE ? "reactivated" : "deactivated";
  const event = events.record(`idp.config.${change}`, { idpConfigId: idpId });
  idp.state = to;
  updateDetails(idp.details, event);
  return { details: createChangeDetails(owner, event) };
}
