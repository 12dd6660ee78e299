import { create } from "@bufbuild/protobuf";
import { Code, type ConnectError } from "@connectrpc/connect";
import {
  type IDP,
  IDPFieldName,
  IDPOwnerType,
  IDPSchema,
  IDPState,
  type IDPStylingType,
  type JWTConfig,
  JWTConfigSchema,
  OIDCConfigSchema,
} from "../../../gen/zitadel/idp_pb.js";
import type { ListQuery } from "../../../gen/zitadel/object_pb.js";
import { addedDetails, changedDetails, page, readDetails, touch } from "../details.js";
import { problem } from "../problem.js";
import { type Event, type Owner, record, recordOne, type State } from "../state.js";
import { type Context, type Fields, type Handler, type Ids, pick } from "./context.js";
import { type JwtFields, type OidcFields, updateJwt, updateOidc } from "./legacy-config.js";
import { showAsProvider } from "./legacy-view.js";
import { listed, type Query } from "./queries.js";
import { refuseNulId } from "./strings.js";
import { visible } from "./templates.js";

interface General {
  name: string;
  stylingType: IDPStylingType;
  autoRegister: boolean;
}

/** The RPCs of the legacy IDP API. Those of the ManagementService have other names and the same meaning. */
export const adminLegacyHandlers: Readonly<Record<string, Handler>> = {
  AddOIDCIDP: addOidc,
  AddJWTIDP: addJwt,
  GetIDPByID: getOnInstance,
  ListIDPs: listLegacy,
  UpdateIDP: updateLegacy,
  UpdateIDPOIDCConfig: updateOidc,
  UpdateIDPJWTConfig: updateJwt,
  DeactivateIDP: deactivate,
  ReactivateIDP: reactivate,
  RemoveIDP: removeFromInstance,
};
export const managementLegacyHandlers: Readonly<Record<string, Handler>> = {
  AddOrgOIDCIDP: addOidc,
  AddOrgJWTIDP: addJwt,
  GetOrgIDPByID: ({ id }: { id: string }, context: Context) => ({ idp: find(id, context) }),
  ListOrgIDPs: listLegacy,
  UpdateOrgIDP: updateLegacy,
  UpdateOrgIDPOIDCConfig: updateOidc,
  UpdateOrgIDPJWTConfig: updateJwt,
  DeactivateOrgIDP: deactivate,
  ReactivateOrgIDP: reactivate,
  RemoveOrgIDP: removeFromOrg,
};

function addOidc(request: General & OidcFields, context: Context): Fields {
  const { clientId, issuer, scopes, displayNameMapping, usernameMapping } = request;
  const value = create(OIDCConfigSchema, {
    clientId,
    issuer,
    scopes,
    displayNameMapping,
    usernameMapping,
  });
  const { id, events } = add(request, { case: "oidcConfig", value }, context);
  return { idpId: id, details: addedDetails(context.owner, events[1]) };
}

function addJwt(request: General & JwtFields, context: Context): Fields {
  const { jwtEndpoint, issuer, keysEndpoint, headerName } = request;
  const value: JWTConfig = create(JWTConfigSchema, {
    jwtEndpoint,
    issuer,
    keysEndpoint,
    headerName,
  });
  const { id, events } = add(request, { case: "jwtConfig", value }, context);
  // The response shows the first of the two events, and reads show the second.
  return { idpId: id, details: addedDetails(context.owner, events[0]) };
}

/**
 * Adds a legacy IDP with two events: one for the IDP and one for its config. The server neither trims strings nor checks for
 * blanks here.
 */
function add(
  { name, stylingType, autoRegister }: General,
  config: IDP["config"],
  { owner, state }: Context,
): { id: string; events: [Event, Event] } {
  const id = state.clock.newId();
  takeName(owner, id, name);
  const events = record(owner, state.clock, 2) as [Event, Event];
  const idp = create(IDPSchema, {
    id,
    details: readDetails(owner, events[1]),
    state: IDPState.IDP_STATE_ACTIVE,
    name,
    stylingType,
    owner: owner.type,
    autoRegister,
    config,
  });
  owner.legacy.set(id, idp);
  owner.providers.set(id, showAsProvider(owner, idp, events[1]));
  return { id, events };
}

function find(id: string, { owner, state }: Context): IDP {
  refuseNulId(id);
  const idp = visible(owner, state)
    .map((each) => each.legacy.get(id))
    .find((each) => each !== undefined);
  if (idp === undefined) {
    throw problem(Code.NotFound, "QUERY-rhR2o", "Errors.IDPConfig.NotExisting");
  }
  return idp;
}

/** Returns a legacy IDP. The AdminService returns the id of the IDP itself as its owner, and omits the header of a JWT config. */
function getOnInstance({ id }: { id: string }, context: Context): Fields {
  const idp = find(id, context);
  const config =
    idp.config.case === "jwtConfig"
      ? { case: idp.config.case, value: { ...idp.config.value, headerName: "" } }
      : idp.config;
  return {
    idp: { ...idp, config, details: idp.details && { ...idp.details, resourceOwner: idp.id } },
  };
}

function listLegacy(
  request: { query?: ListQuery; sortingColumn: IDPFieldName; queries: Query[] },
  { owner, state }: Context,
): Fields {
  if (request.queries.some(({ query }) => query.case === undefined)) {
    throw problem(Code.InvalidArgument, "ADMIN-VmqQu", "List.Query.Invalid");
  }
  const all = visible(owner, state).flatMap((each) => [...each.legacy.values()]);
  const found = listed(all, request.queries);
  if (request.sortingColumn === IDPFieldName.IDP_FIELD_NAME_NAME) {
    const direction = request.query?.asc ? 1 : -1;
    found.sort((a, b) => direction * compareByBytes(a.name, b.name));
  }
  return page(found, request.query, state.clock.now());
}

function updateLegacy(
  { idpId, name, stylingType, autoRegister }: General & { idpId: string },
  { owner, state }: Context,
): Fields {
  const idp = owner.legacy.get(idpId);
  if (idp === undefined) {
    const key =
      owner === state.instance
        ? "Errors.IDPConfig.NotExisting"
        : "Errors.Org.IDPConfig.NotExisting";
    throw problem(Code.NotFound, pick(owner, ["INSTANCE-m0e3r", "Org-1J9fs"]), key);
  }
  if (name === idp.name && stylingType === idp.stylingType && autoRegister === idp.autoRegister) {
    throw refusal(owner, Code.FailedPrecondition, ["INSTANCE-3k0fs", "Org-jf9w"], "NotChanged");
  }
  takeName(owner, idp.id, name, idp.name);
  const event = recordOne(owner, state.clock);
  Object.assign(idp, { name, stylingType, autoRegister });
  touch(idp.details, event);
  const shown = owner.providers.get(idp.id)?.view;
  if (shown?.config?.options !== undefined) {
    shown.name = name;
    shown.config.options.isAutoCreation = autoRegister;
    touch(shown.details, event);
  }
  return { details: changedDetails(owner, event) };
}

function deactivate({ idpId }: { idpId: string }, context: Context): Fields {
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

function reactivate({ idpId }: { idpId: string }, context: Context): Fields {
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
  ids: Ids,
  reason: string,
  { owner, state }: Context,
): Fields {
  const idp = owner.legacy.get(idpId);
  if (idp?.state !== from) {
    throw refusal(owner, Code.FailedPrecondition, ids, reason);
  }
  const event = recordOne(owner, state.clock);
  idp.state = to;
  touch(idp.details, event);
  return { details: changedDetails(owner, event) };
}

function removeFromInstance({ idpId }: { idpId: string }, { owner, state }: Context): Fields {
  const idp = owner.legacy.get(idpId);
  if (idp === undefined) {
    throw problem(Code.NotFound, "INSTANCE-4M0xy", "Errors.IDPConfig.NotExisting");
  }
  // The write side of the login policy keeps the link.
  return { details: changedDetails(owner, remove(idp, owner, state)) };
}

/** Removes a legacy IDP. RemoveOrgIDPResponse has no fields. */
function removeFromOrg({ idpId }: { idpId: string }, context: Context): Fields {
  const { owner, state } = context;
  find(idpId, context);
  const idp = owner.legacy.get(idpId);
  if (idp === undefined) {
    throw problem(Code.NotFound, "Org-Yx9vd", "Errors.Org.IDPConfig.NotExisting");
  }
  remove(idp, owner, state);
  // The server writes this event even if the login policy has no link.
  recordOne(owner, state.clock);
  owner.loginPolicy?.links.delete(idpId);
  return {};
}

/** Removes a legacy IDP, its name, and the links of human users to it. */
function remove(idp: IDP, owner: Owner, state: State): Event {
  owner.legacy.delete(idp.id);
  owner.providers.delete(idp.id);
  owner.legacyNames.delete(idp.name.toLowerCase());
  for (const human of state.humans.values()) {
    const kept = human.links.filter(({ idpId }) => idpId !== idp.id);
    human.sequence += BigInt(human.links.length - kept.length);
    human.links.splice(0, human.links.length, ...kept);
  }
  return recordOne(owner, state.clock);
}

/** Reserves a name. Names of legacy IDPs are unique within their owner, regardless of case. */
function takeName(owner: Owner, id: string, name: string, before?: string): void {
  const key = name.toLowerCase();
  const holder = owner.legacyNames.get(key);
  if (holder !== undefined && holder !== id) {
    throw problem(Code.AlreadyExists, "V3-DKcYh", "Errors.IDPConfig.AlreadyExists");
  }
  if (before !== undefined) {
    owner.legacyNames.delete(before.toLowerCase());
  }
  owner.legacyNames.set(key, id);
}

/** Creates an error of a legacy command, whose text is a bare key. */
export function refusal(owner: Owner, code: Code, ids: Ids, reason: string): ConnectError {
  const level = owner.type === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM ? "Instance" : "Org";
  return problem(code, pick(owner, ids), `Errors.${level}.IDPConfig.${reason}`);
}

/** Compares two names by their UTF-8 bytes, the sort order of the server. */
function compareByBytes(a: string, b: string): number {
  const [left, right] = [new TextEncoder().encode(a), new TextEncoder().encode(b)];
  const differing = left.findIndex((byte, index) => byte !== right[index]);
  return differing === -1
    ? left.length - right.length
    : (left[differing] ?? 0) - (right[differing] ?? -1);
}
