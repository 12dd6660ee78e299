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
import { readDetails } from "../details.js";
import type { Event, Owner, StoredProvider } from "../state.js";

/** Creates the view of a legacy IDP in the provider API: always active, with defaults for missing fields. */
export function showAsProvider(owner: Owner, idp: IDP, event: Event): StoredProvider {
  const view = create(ProviderSchema, {
    id: idp.id,
    details: readDetails(owner, event),
    state: IDPState.IDP_STATE_ACTIVE,
    name: idp.name,
    owner: owner.type,
    type: idp.config.case === "jwtConfig" ? ProviderType.JWT : ProviderType.OIDC,
    config: providerConfig(idp),
  });
  return { view, added: { name: idp.name, config: providerConfig(idp), event } };
}

function providerConfig({ autoRegister, config }: IDP): ProviderConfig {
  return create(ProviderConfigSchema, {
    options: create(OptionsSchema, {
      isLinkingAllowed: true,
      isCreationAllowed: true,
      isAutoCreation: autoRegister,
    }),
    config: providerConfigOf(config),
  });
}

/** Converts the config of a legacy IDP to the form of the provider API. */
export function providerConfigOf(config: IDP["config"]): ProviderConfig["config"] {
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
