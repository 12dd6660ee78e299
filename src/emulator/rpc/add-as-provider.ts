import { clone, create } from "@bufbuild/protobuf";
import {
  type GenericOIDCConfig,
  GenericOIDCConfigSchema,
  type IDP,
  IDPState,
  type JWTConfig,
  JWTConfigSchema,
  OptionsSchema,
  type ProviderConfig,
  ProviderConfigSchema,
  ProviderSchema,
  ProviderType,
} from "../../../gen/zitadel/idp_pb.js";
import type { HistoryEvent } from "../store/record-events.js";
import { createStoredDetails } from "../store/object-details.js";
import type { StoredOwner } from "../store/stored-owner.js";

/** The two events that add a legacy IDP: one for the IDP, and one for its config. */
type LegacyAddEvents = readonly [idp: HistoryEvent, config: HistoryEvent];

/**
 * Adds the view and the write models of a legacy IDP to the provider API. The view is always active, with defaults for missing
 * fields.
 *
 * Updates of Generic OIDC and of JWT providers both find a legacy IDP of either kind. The write model of the other kind has the
 * name and the options, but an empty config.
 */
export function addAsProvider(
  owner: StoredOwner,
  idp: IDP,
  clientSecret: string | undefined,
  [idpAdded, configAdded]: LegacyAddEvents,
): void {
  const { id, name, autoRegister } = idp;
  const isJwt = idp.config.case === "jwtConfig";
  const oidc = toOidcConfig(idp);
  const jwt = toJwtConfig(idp);
  const view = create(ProviderSchema, {
    id,
    details: createStoredDetails(owner, configAdded),
    state: IDPState.IDP_STATE_ACTIVE,
    name,
    owner: owner.type,
    type: isJwt ? ProviderType.JWT : ProviderType.OIDC,
    // Reads return the id token mapping as on, but the write model has it off. An update with "off" is therefore no change.
    config: createConfig(
      autoRegister,
      isJwt
        ? { case: "jwt", value: clone(JWTConfigSchema, jwt) }
        : { case: "oidc", value: { ...oidc, isIdTokenMapping: true } },
    ),
  });
  const oidcModel = {
    name,
    config: createConfig(autoRegister, { case: "oidc", value: oidc }),
    clientSecret,
    lastEvent: isJwt ? idpAdded : configAdded,
    unknownChanges: [],
  };
  const jwtModel = {
    name,
    config: createConfig(autoRegister, { case: "jwt", value: jwt }),
    lastEvent: isJwt ? configAdded : idpAdded,
    unknownChanges: [],
  };
  owner.providers.set(id, { view });
  owner.writeModels.set(
    id,
    new Map([
      [ProviderType.OIDC, oidcModel],
      [ProviderType.JWT, jwtModel],
    ]),
  );
}

function createConfig(isAutoCreation: boolean, config: ProviderConfig["config"]): ProviderConfig {
  return create(ProviderConfigSchema, {
    options: create(OptionsSchema, {
      isLinkingAllowed: true,
      isCreationAllowed: true,
      isAutoCreation,
    }),
    config,
  });
}

function toOidcConfig({ config }: IDP): GenericOIDCConfig {
  if (config.case !== "oidcConfig") {
    return create(GenericOIDCConfigSchema);
  }
  const { issuer, clientId, scopes } = config.value;
  return create(GenericOIDCConfigSchema, { issuer, clientId, scopes: [...scopes] });
}

function toJwtConfig({ config }: IDP): JWTConfig {
  return config.case === "jwtConfig"
    ? clone(JWTConfigSchema, config.value)
    : create(JWTConfigSchema);
}
