import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import {
  GenericOIDCConfigSchema,
  JWTConfigSchema,
  OIDCConfigSchema,
  type OIDCMappingField,
  ProviderType,
} from "../../../gen/zitadel/idp_pb.js";
import type { ErrorIds } from "../errors/error-ids.js";
import { createOwnerError } from "../errors/owner-error.js";
import { createChangeDetails, updateDetails } from "../store/object-details.js";
import { applyProviderChange } from "../store/apply-provider-change.js";
import type { StoredOwner } from "../store/stored-owner.js";
import { findChangedFields } from "./find-changed-fields.js";
import { describeLegacyChange } from "./legacy-idp-events.js";
import type { ResponseFields, RpcContext } from "./rpc-handler.js";
import { withoutEmptyLists } from "./without-empty-lists.js";

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
 * Updates the OIDC config of a legacy IDP. The provider API shows the fields that change in the legacy API; in the other fields, the
 * values of its own updates stay.
 *
 * Empty scopes and unspecified mappings keep their stored values. The server writes an event for empty scopes, which reads of the
 * legacy API skip.
 */
export function updateOidcConfig(
  { idpId, clientSecret, ...request }: OidcConfigFields & { idpId: string },
  { owner, events }: RpcContext,
): ResponseFields {
  const idp = owner.legacy.get(idpId);
  const stored = idp?.configs.oidcConfig;
  if (idp === undefined || stored === undefined) {
    throw createConfigNotFoundError(owner, ["INSTANCE-67J9d", "Org-67J9d"]);
  }
  const { clientId, issuer, scopes } = request;
  const next = create(OIDCConfigSchema, {
    clientId,
    issuer,
    scopes,
    displayNameMapping: request.displayNameMapping || stored.displayNameMapping,
    usernameMapping: request.usernameMapping || stored.usernameMapping,
  });
  const differing = findChangedFields(OIDCConfigSchema, stored, next);
  const isSecretSet = clientSecret !== "";
  if (differing === undefined && !isSecretSet) {
    throw createConfigNotChangedError(owner, ["INSTANCE-d8kwF", "Org-10ods"]);
  }
  const fields = withoutEmptyLists(differing ?? {});
  const event = events.record(
    "idp.oidc.config.changed",
    describeLegacyChange(idpId, fields, clientSecret),
  );
  Object.assign(stored, fields);
  if (isSecretSet || Object.keys(fields).length > 0) {
    updateDetails(idp.view.details, event);
  }
  // The provider API has no mappings.
  const shared = Object.entries(fields).filter(([name]) => name in GenericOIDCConfigSchema.field);
  const config = { case: "oidc", fields: Object.fromEntries(shared) } as const;
  const change = { config, ...(isSecretSet && { clientSecret }) };
  applyProviderChange(owner, idpId, [ProviderType.OIDC], change, event);
  return { details: createChangeDetails(owner, event) };
}

/** Updates the JWT config of a legacy IDP. The provider API shows only the fields that change in the legacy API. */
export function updateJwtConfig(
  { idpId, ...request }: JwtConfigFields & { idpId: string },
  { owner, events }: RpcContext,
): ResponseFields {
  const idp = owner.legacy.get(idpId);
  const stored = idp?.configs.jwtConfig;
  if (idp === undefined || stored === undefined) {
    throw createConfigNotFoundError(owner, ["INSTANCE-2m00d", "Org-67J9d"]);
  }
  const { jwtEndpoint, issuer, keysEndpoint, headerName } = request;
  const next = create(JWTConfigSchema, { jwtEndpoint, issuer, keysEndpoint, headerName });
  const fields = findChangedFields(JWTConfigSchema, stored, next);
  if (fields === undefined) {
    throw createConfigNotChangedError(owner, ["INSTANCE-3n9gg", "Org-2k9fs"]);
  }
  const event = events.record("idp.jwt.config.changed", describeLegacyChange(idpId, fields));
  Object.assign(stored, fields);
  updateDetails(idp.view.details, event);
  const config = { case: "jwt", fields } as const;
  applyProviderChange(owner, idpId, [ProviderType.JWT], { config }, event);
  return { details: createChangeDetails(owner, event) };
}

/** Creates the error for an IDP without a config of the kind. As on the server, its text wrongly says that the config exists. */
function createConfigNotFoundError(owner: StoredOwner, ids: ErrorIds): Error {
  return createOwnerError(owner, Code.NotFound, ids, "IDPConfig.AlreadyExists");
}

function createConfigNotChangedError(owner: StoredOwner, ids: ErrorIds): Error {
  return createOwnerError(owner, Code.FailedPrecondition, ids, "IDPConfig.NotChanged");
}
