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
import { getTypeFields, isProviderType, isWriteOnly } from "./field-specs.js";
import type {
  IdentityProvider,
  LegacyJWTProvider,
  LegacyOIDCProvider,
  ProviderInfo,
  ReadableByType,
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
  const readable = Object.entries(getTypeFields(type)).filter(
    ([name, spec]) => !isWriteOnly(name, spec) && name !== "name",
  );
  const settings = toPlainFields(Object.fromEntries(readable), { ...config?.value, options });
  return { ...info, type, ...settings } as IdentityProvider;
}

/**
 * Converts a legacy IDP into plain TypeScript. `shown` is the same IDP as the provider API returns it. ZITADEL keeps a record of a
 * legacy IDP in each API, and some writes change only one of the two. The name and the owner come from the provider API: lists and the
 * login page show that name, and GetIDPByID of the AdminService returns the id of the IDP in place of its owner. The sequence is that
 * of the latest write to either record.
 */
export function toLegacyProvider(
  idp: IDP,
  shown: ReadableByType["oidc" | "jwt"],
): LegacyOIDCProvider | LegacyJWTProvider {
  const { autoRegister, config, stylingType } = idp;
  const { state, sequence, ...dates } = toProviderInfo(idp);
  const isLater = BigInt(sequence) > BigInt(shown.sequence);
  const info = {
    ...dates,
    id: shown.id,
    name: shown.name,
    owner: shown.owner,
    ownerId: shown.ownerId,
    state,
    ...(!isLater && shown.changedAt && { changedAt: shown.changedAt }),
    sequence: isLater ? sequence : shown.sequence,
    stylingType:
      stylingType === IDPStylingType.STYLING_TYPE_GOOGLE
        ? ("google" as const)
        : ("unspecified" as const),
    autoRegister,
  };
  if (config.case === "jwtConfig") {
    const { issuer, jwtEndpoint, keysEndpoint } = config.value;
    // GetIDPByID of the AdminService omits the name of the header.
    const shownName = shown.type === "jwt" ? shown.headerName : "";
    const headerName = config.value.headerName || shownName;
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

/** Converts a legacy IDP that only the legacy API has, after a migration or after DeleteProvider, into plain TypeScript. */
export function toLegacySide(idp: IDP): LegacyOIDCProvider | LegacyJWTProvider {
  const shown = { ...toProviderInfo(idp), type: "oidc" } as ReadableByType["oidc"];
  return toLegacyProvider(idp, shown);
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
