import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import {
  IDPState,
  JWTConfigSchema,
  OIDCConfigSchema,
  ProviderType,
} from "../../../gen/zitadel/idp_pb.js";
import { type ErrorIds, pickErrorId } from "../errors/error-ids.js";
import { rejectNulInPayload } from "../errors/nul-errors.js";
import { createOwnerError } from "../errors/owner-error.js";
import { createServerError } from "../errors/server-error.js";
import { createChangeDetails, updateDetails } from "../store/object-details.js";
import { applyProviderChange } from "../store/apply-provider-change.js";
import { pickChanged } from "./event-payload.js";
import { addJwtIdp, addOidcIdp, type GeneralIdpFields } from "./legacy-idp-add.js";
import { updateJwtConfig, updateOidcConfig } from "./legacy-idp-config.js";
import { reserveLegacyName } from "./reserve-legacy-name.js";
import { findLegacyIdp, getInstanceLegacyIdp, listLegacyIdps } from "./legacy-idp-reads.js";
import { removeInstanceIdp, removeOrgIdp } from "./legacy-idp-remove.js";
import { type ResponseFields, type RpcContext, type RpcHandler } from "./rpc-handler.js";

/** The RPCs of the legacy IDP API on the AdminService. */
export const adminLegacyIdpHandlers: Readonly<Record<string, RpcHandler>> = {
  AddOIDCIDP: addOidcIdp,
  AddJWTIDP: addJwtIdp,
  GetIDPByID: getInstanceLegacyIdp,
  ListIDPs: listLegacyIdps,
  UpdateIDP: updateLegacyIdp,
  UpdateIDPOIDCConfig: updateOidcConfig,
  UpdateIDPJWTConfig: updateJwtConfig,
  DeactivateIDP: (request, context) => changeState(request, deactivation, context),
  ReactivateIDP: (request, context) => changeState(request, reactivation, context),
  RemoveIDP: removeInstanceIdp,
};

/** The RPCs of the legacy IDP API on the ManagementService, which do the same under other names. */
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
  DeactivateOrgIDP: (request, context) => changeState(request, deactivation, context),
  ReactivateOrgIDP: (request, context) => changeState(request, reactivation, context),
  RemoveOrgIDP: removeOrgIdp,
};

/**
 * Updates a legacy IDP, except for its config. The name and the automatic creation in the provider API change only if they change in
 * the legacy API; otherwise the values of its own updates stay.
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
    throw createServerError(
      Code.NotFound,
      pickErrorId(owner, ["INSTANCE-m0e3r", "Org-1J9fs"]),
      key,
    );
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
    throw createOwnerError(
      owner,
      Code.FailedPrecondition,
      ["INSTANCE-3k0fs", "Org-jf9w"],
      "IDPConfig.NotChanged",
    );
  }
  const payload = { idpConfigId: idpId, ...changed };
  // The database checks the event before it checks whether the name is unique.
  rejectNulInPayload(payload);
  reserveLegacyName(owner, view.id, name, view.name);
  const event = events.record("idp.config.changed", payload);
  Object.assign(view, after);
  updateDetails(view.details, event);
  const change = {
    ...("name" in changed && { name }),
    ...("autoRegister" in changed && { options: { isAutoCreation: autoRegister } }),
  };
  applyProviderChange(owner, view.id, [ProviderType.OIDC, ProviderType.JWT], change, event);
  return { details: createChangeDetails(owner, event) };
}

/** A change of the state of a legacy IDP. */
interface StateChange {
  readonly from: IDPState;
  readonly to: IDPState;
  readonly eventType: string;
  /** The ids and the end of the text of the error for an IDP in another state. */
  readonly errorIds: ErrorIds;
  readonly errorKey: string;
}

const deactivation: StateChange = {
  from: IDPState.IDP_STATE_ACTIVE,
  to: IDPState.IDP_STATE_INACTIVE,
  eventType: "idp.config.deactivated",
  errorIds: ["INSTANCE-2n0fs", "Org-BBmd0"],
  errorKey: "NotActive",
};

const reactivation: StateChange = {
  from: IDPState.IDP_STATE_INACTIVE,
  to: IDPState.IDP_STATE_ACTIVE,
  eventType: "idp.config.reactivated",
  errorIds: ["INSTANCE-5Mo0d", "Org-5Mo0d"],
  errorKey: "NotInactive",
};

/**
 * Changes the state of a legacy IDP, which the provider API does not show. From then on, the IDP also has a config of the other kind.
 *
 * Throws the error for an IDP in the wrong state for an unknown IDP too, because an unknown IDP has no state.
 */
function changeState(
  { idpId }: { idpId: string },
  { from, to, eventType, errorIds, errorKey }: StateChange,
  { owner, events }: RpcContext,
): ResponseFields {
  const idp = owner.legacy.get(idpId);
  if (idp?.view.state !== from) {
    throw createOwnerError(owner, Code.FailedPrecondition, errorIds, `IDPConfig.${errorKey}`);
  }
  const { view, configs } = idp;
  const event = events.record(eventType, { idpConfigId: idpId });
  view.state = to;
  updateDetails(view.details, event);
  configs.oidcConfig ??= create(OIDCConfigSchema);
  configs.jwtConfig ??= create(JWTConfigSchema);
  return { details: createChangeDetails(owner, event) };
}
