import { create } from "@bufbuild/protobuf";
import {
  GenericOIDCConfigSchema,
  type IDP,
  IDPState,
  JWTConfigSchema,
  OptionsSchema,
  type ProviderConfig,
  ProviderConfigSchema,
  ProviderSchema,
  ProviderType,
} from "../../../gen/zitadel/idp_pb.js";
import type { HistoryEvent } from "../store/history.js";
import { createStoredDetails } from "../store/object-details.js";
import type { StoredOwner } from "../store/stored-owner.js";
import type { StoredProvider } from "../store/stored-provider.js";

/** Creates the view of a legacy IDP in the provider API: always active, with defaults for missing fields. */
export function toStoredProvider(
  owner: StoredOwner,
  idp: IDP,
  event: HistoryEvent,
): StoredProvider {
  const view = create(ProviderSchema, {
    id: idp.id,
    details: createStoredDetails(owner, event),
    state: IDPState.IDP_STATE_ACTIVE,
    name: idp.name,
    owner: owner.type,
    type: idp.config.case === "jwtConfig" ? ProviderType.JWT : ProviderType.OIDC,
    config: createProviderConfig(idp),
  });
  return { view, added: { name: idp.name, config: createProviderConfig(idp), event } };
}

function createProviderConfig({ autoRegister, config }: IDP): ProviderConfig {
  return create(ProviderConfigSchema, {
    options: create(OptionsSchema, {
      isLinkingAllowed: true,
      isCreationAllowed: true,
      isAutoCreation: autoRegister,
    }),
    config: toProviderConfig(config),
  });
}

/** Converts the config of a legacy IDP to the form of the provider API. */
export function toProviderConfig(config: IDP["config"]): ProviderConfig["config"] {
  switch (config.case) {
    case "oidcConfig": {
      const { issuer, clientId, scopes } = config.value;
      return {
        case: "oidc",
        value: create(GenericOIDCConfigSchema, {
          issuer,
          clientId,
          scopes: [...scopes],
          isIdTokenMapping: true,
        }),
      };
    }
    case "jwtConfig":
      return { case: "jwt", value: create(JWTConfigSchema, { ...config.value }) };
    default:
      return { case: undefined };
  }
}
