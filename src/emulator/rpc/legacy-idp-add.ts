import { create } from "@bufbuild/protobuf";
import {
  type IDP,
  IDPSchema,
  IDPState,
  type IDPStylingType,
  type JWTConfig,
  JWTConfigSchema,
  OIDCConfigSchema,
} from "../../../gen/zitadel/idp_pb.js";
import { rejectNulInPayload } from "../errors/nul-errors.js";
import type { HistoryEvent } from "../store/record-events.js";
import { createAddDetails, createStoredDetails } from "../store/object-details.js";
import { addAsProvider } from "./add-as-provider.js";
import type { JwtConfigFields, OidcConfigFields } from "./legacy-idp-config.js";
import { describeLegacyAdd } from "./legacy-idp-events.js";
import { reserveLegacyName } from "./reserve-legacy-name.js";
import type { ResponseFields, RpcContext } from "./rpc-handler.js";

/** The fields of a legacy IDP besides its config. */
export interface GeneralIdpFields {
  name: string;
  stylingType: IDPStylingType;
  autoRegister: boolean;
}

/** Adds a legacy IDP with an OIDC config. */
export function addOidcIdp(
  request: GeneralIdpFields & OidcConfigFields,
  context: RpcContext,
): ResponseFields {
  const { clientId, issuer, scopes, displayNameMapping, usernameMapping } = request;
  const value = create(OIDCConfigSchema, {
    clientId,
    issuer,
    scopes,
    displayNameMapping,
    usernameMapping,
  });
  const config = { case: "oidcConfig", value } as const;
  const { id, events } = addLegacyIdp(request, config, context);
  return { idpId: id, details: createAddDetails(context.owner, events[1]) };
}

/** Adds a legacy IDP with a JWT config. */
export function addJwtIdp(
  request: GeneralIdpFields & JwtConfigFields,
  context: RpcContext,
): ResponseFields {
  const { jwtEndpoint, issuer, keysEndpoint, headerName } = request;
  const value: JWTConfig = create(JWTConfigSchema, {
    jwtEndpoint,
    issuer,
    keysEndpoint,
    headerName,
  });
  const { id, events } = addLegacyIdp(request, { case: "jwtConfig", value }, context);
  // The response shows the first of the two events, and reads show the second.
  return { idpId: id, details: createAddDetails(context.owner, events[0]) };
}

/**
 * Adds a legacy IDP with two events: one for the IDP and one for its config. The server neither trims strings nor checks for
 * blanks here.
 */
function addLegacyIdp(
  { name, stylingType, autoRegister, clientSecret }: GeneralIdpFields & { clientSecret?: string },
  config: Exclude<IDP["config"], { case: undefined }>,
  { owner, state, events: recorder }: RpcContext,
): { id: string; events: [HistoryEvent, HistoryEvent] } {
  const id = state.clock.newId();
  const general = { name, stylingType, autoRegister };
  const described = describeLegacyAdd(id, general, config, clientSecret);
  // The database checks the events before it checks whether the name is unique.
  described.forEach(([, payload]) => rejectNulInPayload(payload));
  reserveLegacyName(owner, id, name);
  const events = recorder.recordAll(described);
  const idp = create(IDPSchema, {
    id,
    details: createStoredDetails(owner, events[1]),
    state: IDPState.IDP_STATE_ACTIVE,
    name,
    stylingType,
    owner: owner.type,
    autoRegister,
    config,
  });
  owner.legacy.set(id, { view: idp, configs: { [config.case]: config.value } });
  addAsProvider(owner, idp, clientSecret, events);
  return { id, events };
}
