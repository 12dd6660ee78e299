import type { JsonObject } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import type { IDP, OIDCMappingField } from "../../../gen/zitadel/idp_pb.js";
import { ownerError } from "../errors/owner-error.js";
import type { HistoryEvent } from "../store/history.js";
import { createChangeDetails, updateDetails } from "../store/object-details.js";
import type { StoredOwner } from "../store/stored-owner.js";
import { toProviderConfig } from "./legacy-idp-as-provider.js";
import { describeLegacyChange } from "./legacy-idp-events.js";
import type { ResponseFields, RpcContext } from "./rpc-handler.js";

/** The common fields of the RPCs that add and change an OIDC config. */
export interface OidcConfigFields {
  clientId: string;
  clientSecret: string;
  issuer: string;
  scopes: string[];
  displayNameMapping: OIDCMappingField;
  usernameMapping: OIDCMappingField;
}

/** The common fields of the RPCs that add and change a JWT config. */
export interface JwtConfigFields {
  jwtEndpoint: string;
  issuer: string;
  keysEndpoint: string;
  headerName: string;
}

/**
 * Updates the OIDC config of a legacy IDP.
 *
 * Empty scopes and unspecified mappings keep their stored values, but the server writes an event for them. The details of reads
 * change only with a real change.
 */
export function updateOidcConfig(
  { idpId, clientSecret, ...updated }: OidcConfigFields & { idpId: string },
  { owner, events }: RpcContext,
): ResponseFields {
  const idp = owner.legacy.get(idpId);
  const oidc = idp?.config.case === "oidcConfig" ? idp.config.value : undefined;
  if (idp === undefined || oidc === undefined) {
    // The server's text contradicts the error: it reports that the config already exists.
    throw ownerError(
      owner,
      Code.NotFound,
      ["INSTANCE-67J9d", "Org-67J9d"],
      "IDPConfig.AlreadyExists",
    );
  }
  const isSecretSet = clientSecret !== "";
  if (!isSecretSet && hasSameFields(pickOidc(updated), pickOidc(oidc))) {
    throw ownerError(
      owner,
      Code.FailedPrecondition,
      ["INSTANCE-d8kwF", "Org-10ods"],
      "IDPConfig.NotChanged",
    );
  }
  const event = events.record(
    "idp.oidc.config.changed",
    describeLegacyChange(idpId, pickOidc(oidc), pickOidc(updated), clientSecret),
  );
  const effective = {
    clientId: updated.clientId,
    issuer: updated.issuer,
    scopes: updated.scopes.length > 0 ? updated.scopes : oidc.scopes,
    displayNameMapping: updated.displayNameMapping || oidc.displayNameMapping,
    usernameMapping: updated.usernameMapping || oidc.usernameMapping,
  };
  if (isSecretSet || !hasSameFields(effective, pickOidc(oidc))) {
    Object.assign(oidc, effective);
    showChangedConfig(owner, idp, event);
  }
  return { details: createChangeDetails(owner, event) };
}

/** Replaces the JWT config of a legacy IDP. */
export function updateJwtConfig(
  { idpId, ...request }: JwtConfigFields & { idpId: string },
  { owner, events }: RpcContext,
): ResponseFields {
  const idp = owner.legacy.get(idpId);
  const jwt = idp?.config.case === "jwtConfig" ? idp.config.value : undefined;
  if (idp === undefined || jwt === undefined) {
    throw ownerError(
      owner,
      Code.NotFound,
      ["INSTANCE-2m00d", "Org-67J9d"],
      "IDPConfig.AlreadyExists",
    );
  }
  const updated = pickJwt(request);
  if (hasSameFields(updated, pickJwt(jwt))) {
    throw ownerError(
      owner,
      Code.FailedPrecondition,
      ["INSTANCE-3n9gg", "Org-2k9fs"],
      "IDPConfig.NotChanged",
    );
  }
  const event = events.record(
    "idp.jwt.config.changed",
    describeLegacyChange(idpId, pickJwt(jwt), updated),
  );
  Object.assign(jwt, updated);
  showChangedConfig(owner, idp, event);
  return { details: createChangeDetails(owner, event) };
}

function pickOidc({
  clientId,
  issuer,
  scopes,
  displayNameMapping,
  usernameMapping,
}: Omit<OidcConfigFields, "clientSecret">): JsonObject {
  return { clientId, issuer, scopes, displayNameMapping, usernameMapping };
}

function pickJwt({ jwtEndpoint, issuer, keysEndpoint, headerName }: JwtConfigFields): JsonObject {
  return { jwtEndpoint, issuer, keysEndpoint, headerName };
}

/** Returns true if two records with the same keys have the same values. */
function hasSameFields(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Updates the reads of both APIs after a change of a config. */
function showChangedConfig(owner: StoredOwner, idp: IDP, event: HistoryEvent): void {
  updateDetails(idp.details, event);
  const view = owner.providers.get(idp.id)?.view;
  const config = toProviderConfig(idp.config);
  if (view?.config !== undefined && view.config.config.case === config.case) {
    view.config.config = config;
    updateDetails(view.details, event);
  }
}
