import { Code } from "@connectrpc/connect";
import type { IDP, OIDCMappingField } from "../../../gen/zitadel/idp_pb.js";
import { changedDetails, touch } from "../details.js";
import { type Event, type Owner, recordOne } from "../state.js";
import type { Context, Fields } from "./context.js";
import { refusal } from "./legacy.js";
import { providerConfigOf } from "./legacy-view.js";

/** The common fields of the RPCs that add and change an OIDC config. */
export interface OidcFields {
  clientId: string;
  clientSecret: string;
  issuer: string;
  scopes: string[];
  displayNameMapping: OIDCMappingField;
  usernameMapping: OIDCMappingField;
}

/** The common fields of the RPCs that add and change a JWT config. */
export interface JwtFields {
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
export function updateOidc(
  { idpId, clientSecret, ...wanted }: OidcFields & { idpId: string },
  { owner, state }: Context,
): Fields {
  const idp = owner.legacy.get(idpId);
  const oidc = idp?.config.case === "oidcConfig" ? idp.config.value : undefined;
  if (idp === undefined || oidc === undefined) {
    // The server's text contradicts the error: it reports that the config already exists.
    throw refusal(owner, Code.NotFound, ["INSTANCE-67J9d", "Org-67J9d"], "AlreadyExists");
  }
  const secretGiven = clientSecret !== "";
  if (!secretGiven && sameFields(pickOidc(wanted), pickOidc(oidc))) {
    throw refusal(owner, Code.FailedPrecondition, ["INSTANCE-d8kwF", "Org-10ods"], "NotChanged");
  }
  const event = recordOne(owner, state.clock);
  const effective = {
    clientId: wanted.clientId,
    issuer: wanted.issuer,
    scopes: wanted.scopes.length > 0 ? wanted.scopes : oidc.scopes,
    displayNameMapping: wanted.displayNameMapping || oidc.displayNameMapping,
    usernameMapping: wanted.usernameMapping || oidc.usernameMapping,
  };
  if (secretGiven || !sameFields(effective, pickOidc(oidc))) {
    Object.assign(oidc, effective);
    show(owner, idp, event);
  }
  return { details: changedDetails(owner, event) };
}

/** Replaces the JWT config of a legacy IDP. */
export function updateJwt(
  { idpId, jwtEndpoint, issuer, keysEndpoint, headerName }: JwtFields & { idpId: string },
  { owner, state }: Context,
): Fields {
  const idp = owner.legacy.get(idpId);
  const jwt = idp?.config.case === "jwtConfig" ? idp.config.value : undefined;
  if (idp === undefined || jwt === undefined) {
    throw refusal(owner, Code.NotFound, ["INSTANCE-2m00d", "Org-67J9d"], "AlreadyExists");
  }
  const wanted = { jwtEndpoint, issuer, keysEndpoint, headerName };
  const { jwtEndpoint: endpoint, issuer: from, keysEndpoint: keys, headerName: header } = jwt;
  if (
    sameFields(wanted, {
      jwtEndpoint: endpoint,
      issuer: from,
      keysEndpoint: keys,
      headerName: header,
    })
  ) {
    throw refusal(owner, Code.FailedPrecondition, ["INSTANCE-3n9gg", "Org-2k9fs"], "NotChanged");
  }
  const event = recordOne(owner, state.clock);
  Object.assign(jwt, wanted);
  show(owner, idp, event);
  return { details: changedDetails(owner, event) };
}

function pickOidc({
  clientId,
  issuer,
  scopes,
  displayNameMapping,
  usernameMapping,
}: Omit<OidcFields, "clientSecret">): object {
  return { clientId, issuer, scopes, displayNameMapping, usernameMapping };
}

/** Returns true if two records with the same keys have the same values. */
function sameFields(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Updates the reads of both APIs after a change of a config. */
function show(owner: Owner, idp: IDP, event: Event): void {
  touch(idp.details, event);
  const view = owner.providers.get(idp.id)?.view;
  const config = providerConfigOf(idp.config);
  if (view?.config !== undefined && view.config.config.case === config.case) {
    view.config.config = config;
    touch(view.details, event);
  }
}
