import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import {
  IDPState,
  JWTConfigSchema,
  OIDCConfigSchema,
  ProviderType,
} from "../../../gen/zitadel/idp_pb.js";
import { type ErrorIds, pickErrorId } from "../errors/error-ids.js";
import { ownerError } from "../errors/owner-error.js";
import { serverError } from "../errors/server-error.js";
import { createChangeDetails, updateDetails } from "../store/object-details.js";
import { applyProviderChange } from "../store/apply-provider-change.js";
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

/**
 * Updates a legacy IDP, except for its config. The provider API shows the name and the automatic creation only if they change in
 * the legacy API, and keeps them otherwise as its own updates left them.
 */
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
  const { view } = idp;
  const before = {
    name: view.name,
    stylingType: view.stylingType,
    autoRegister: view.autoRegister,
  };
  const after = { name, stylingType, autoRegister };
  const changed = pickChanged(before, after);
  if (Object.keys(changed).length === 0) {
    throw ownerError(
      owner,
      Code.FailedPrecondition,
      ["INSTANCE-3k0fs", "Org-jf9w"],
      "IDPConfig.NotChanged",
    );
  }
  reserveLegacyName(owner, view.id, name, view.name);
  const event = events.record("idp.config.changed", { idpConfigId: idpId, ...changed });
  Object.assign(view, after);
  updateDetails(view.details, event);
  const change = {
    ...("name" in changed && { name }),
    ...("autoRegister" in changed && { options: { isAutoCreation: autoRegister } }),
  };
  applyProviderChange(owner, view.id, [ProviderType.OIDC, ProviderType.JWT], change, event);
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
 * Changes the state of a legacy IDP. The view in the provider API does not show the state. From then on, the IDP also has a config
 * of the other kind.
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
  if (idp?.view.state !== from) {
    throw ownerError(owner, Code.FailedPrecondition, ids, `IDPConfig.${reason}`);
  }
  const { view, configs } = idp;
  const change = to === IDPState.IDP_STATE_ACTIVE ? "reactivated" : "deactivated";
  const event = events.record(`idp.config.${change}`, { idpConfigId: idpId });
  view.state = to;
  updateDetails(view.details, event);
  configs.oidcConfig ??= create(OIDCConfigSchema);
  configs.jwtConfig ??= create(JWTConfigSchema);
  return { details: createChangeDetails(owner, event) };
}
