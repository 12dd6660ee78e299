import { Code } from "@connectrpc/connect";
import type { IDP, OIDCMappingField } from "../../../gen/zitadel/idp_pb.js";
import { type HistoryEvent, recordEvent } from "../store/history.js";
import { createChangeDetails, updateDetails } from "../store/object-details.js";
import type { StoredOwner } from "../store/stored-owner.js";
import { toProviderConfig } from "./legacy-idp-as-provider.js";
import { legacyIdpError } from "./legacy-idp-error.js";
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
  { idpId, clientSecret, ...wanted }: OidcConfigFields & { idpId: string },
  { owner, state }: RpcContext,
): ResponseFields {
  const idp = owner.legacy.get(idpId);
  const oidc = idp?.config.case === "oidcConfig" ? idp.config.value : undefined;
  if (idp === undefined || oidc === undefined) {
    // The server's text contradicts the error: it reports that the config already exists.
    throw legacyIdpError(owner, Code.NotFound, ["INSTANCE-67J9d", "Org-67J9d"], "AlreadyExists");
  }
  const secretGiven = clientSecret !== "";
  if (!secretGiven && hasSameFields(pickOidc(wanted), pickOidc(oidc))) {
    throw legacyIdpError(
      owner,
      Code.FailedPrecondition,
      ["INSTANCE-d8kwF", "Org-10ods"],
      "NotChanged",
    );
  }
  const event = recordEvent(owner, state.clock);
  const effective = {
    clientId: wanted.clientId,
    issuer: wanted.issuer,
    scopes: wanted.scopes.length > 0 ? wanted.scopes : oidc.scopes,
    displayNameMapping: wanted.displayNameMapping || oidc.displayNameMapping,
    usernameMapping: wanted.usernameMapping || oidc.usernameMapping,
  };
  if (secretGiven || !hasSameFields(effective, pickOidc(oidc))) {
    Object.assign(oidc, effective);
    showChangedConfig(owner, idp, event);
  }
  return { details: createChangeDetails(owner, event) };
}

/** Replaces the JWT config of a legacy IDP. */
export function updateJwtConfig(
  { idpId, jwtEndpoint, issuer, keysEndpoint, headerName }: JwtConfigFields & { idpId: string },
  { owner, state }: RpcContext,
): ResponseFields {
  const idp = owner.legacy.get(idpId);
  const jwt = idp?.config.case === "jwtConfig" ? idp.config.value : undefined;
  if (idp === undefined || jwt === undefined) {
    throw legacyIdpError(owner, Code.NotFound, ["INSTANCE-2m00d", "Org-67J9d"], "AlreadyExists");
  }
  const wanted = { jwtEndpoint, issuer, keysEndpoint, headerName };
  const { jwtEndpoint: endpoint, issuer: from, keysEndpoint: keys, headerName: header } = jwt;
  if (
    hasSameFields(wanted, {
      jwtEndpoint: endpoint,
      issuer: from,
      keysEndpoint: keys,
      headerName: header,
    })
  ) {
    throw legacyIdpError(
      owner,
      Code.FailedPrecondition,
      ["INSTANCE-3n9gg", "Org-2k9fs"],
      "NotChanged",
    );
  }
  const event = recordEvent(owner, state.clock);
  Object.assign(jwt, wanted);
  showChangedConfig(owner, idp, event);
  return { details: createChangeDetails(owner, event) };
}

function pickOidc({
  clientId,
  issuer,
  scopes,
  displayNameMapping,
  usernameMapping,
}: Omit<OidcConfigFields, "clientSecret">): object {
  return { clientId, issuer, scopes, displayNameMapping, usernameMapping };
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
