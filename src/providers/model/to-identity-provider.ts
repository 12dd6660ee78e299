import { timestampDate } from "@bufbuild/protobuf/wkt";
import {
  type IDP,
  IDPOwnerType,
  IDPState,
  IDPStylingType,
  type ObjectDetails,
  OIDCMappingField,
  type Provider,
} from "../../services/idp.js";
import { toPlainFields } from "./convert-fields.js";
import { fieldsOfType, isProviderType, isWriteOnly } from "./field-specs.js";
import type {
  IdentityProvider,
  LegacyJWTProvider,
  LegacyOIDCProvider,
  ProviderInfo,
} from "./provider.js";
import { findUnknownContent } from "./unknown-content.js";

/** Converts a provider into plain TypeScript. */
export function toIdentityProvider(
  provider: Provider,
  notDecoded: readonly string[] = [],
): IdentityProvider {
  const unknown = findUnknownContent(provider, notDecoded);
  const info = { ...toProviderInfo(provider), ...(unknown.length > 0 && { unknown }) };
  const { config, options } = provider.config ?? {};
  const type = config?.case;
  if (!isProviderType(type)) {
    return { ...info, type: "unknown" };
  }
  const readable = Object.entries(fieldsOfType(type)).filter(
    ([name, spec]) => !isWriteOnly(name, spec) && name !== "name",
  );
  const settings = toPlainFields(Object.fromEntries(readable), { ...config?.value, options });
  return { ...info, type, ...settings } as IdentityProvider;
}

/** Converts a legacy IDP into plain TypeScript. */
export function toLegacyProvider(idp: IDP): LegacyOIDCProvider | LegacyJWTProvider {
  const { autoRegister, config, stylingType } = idp;
  const info = {
    ...toProviderInfo(idp),
    stylingType:
      stylingType === IDPStylingType.STYLING_TYPE_GOOGLE
        ? ("google" as const)
        : ("unspecified" as const),
    autoRegister,
  };
  if (config.case === "jwtConfig") {
    const { issuer, jwtEndpoint, keysEndpoint, headerName } = config.value;
    return { ...info, type: "legacyJwt", issuer, jwtEndpoint, keysEndpoint, headerName };
  }
  const {
    issuer = "",
    clientId = "",
    scopes = [],
    displayNameMapping,
    usernameMapping,
  } = config.value ?? {};
  return {
    ...info,
    type: "legacyOidc",
    issuer,
    clientId,
    scopes: [...scopes],
    displayNameMapping: toClaimName(displayNameMapping),
    usernameMapping: toClaimName(usernameMapping),
  };
}

function toProviderInfo({ id, name, owner, state, details }: Provider | IDP): ProviderInfo {
  return {
    id,
    name,
    owner: owner === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM ? "instance" : "org",
    ownerId: details?.resourceOwner ?? "",
    state: toStateName(state),
    ...toDates(details),
    sequence: String(details?.sequence ?? 0n),
  };
}

function toStateName(state: IDPState): ProviderInfo["state"] {
  return state === IDPState.IDP_STATE_ACTIVE
    ? "active"
    : state === IDPState.IDP_STATE_INACTIVE
      ? "inactive"
      : "unspecified";
}

function toDates(
  details: ObjectDetails | undefined,
): Pick<ProviderInfo, "createdAt" | "changedAt"> {
  const { creationDate, changeDate } = details ?? {};
  return {
    ...(creationDate && { createdAt: timestampDate(creationDate) }),
    ...(changeDate && { changedAt: timestampDate(changeDate) }),
  };
}

function toClaimName(field: OIDCMappingField = OIDCMappingField.OIDC_MAPPING_FIELD_UNSPECIFIED) {
  return field === OIDCMappingField.OIDC_MAPPING_FIELD_EMAIL
    ? ("email" as const)
    : field === OIDCMappingField.OIDC_MAPPING_FIELD_PREFERRED_USERNAME
      ? ("preferred-username" as const)
      : ("unspecified" as const);
}
