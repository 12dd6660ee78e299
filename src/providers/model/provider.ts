import type { ProviderOptions, SettingsByType } from "../../../gen/providers.js";
import type { Optional } from "../../utils/optional.js";

/** A type of provider that can be added. */
export type ProviderType = keyof SettingsByType;

/** The settings of a provider: a union, discriminated by `type`. Secrets are only present to set new ones. */
export type ProviderSettings = SettingsByType[ProviderType];

/** The secret fields, which no read returns. */
export type SecretField = "clientSecret" | "bindPassword" | "privateKey";

/** The fields that can be written but not read. */
type WriteOnly = SecretField | "metadataUrl";

/** A type whose optional members are all required, at any depth. */
type Complete<T> = T extends string | readonly unknown[]
  ? T
  : T extends object
    ? { readonly [Key in keyof T]-?: Complete<Exclude<T[Key], undefined>> }
    : T;

/** The properties that providers of all types have. */
export interface ProviderInfo {
  /** The id. */
  readonly id: string;
  /** The name. May be empty for GitHub, GitLab, Google and Apple providers. */
  readonly name: string;
  /** The owner: an organization or the instance. */
  readonly owner: "org" | "instance";
  /** The id of the organization or instance that owns the provider. */
  readonly ownerId: string;
  /**
   * The state. Providers are always `active`; legacy IDPs may be `inactive`. It does not show whether the login page offers the provider:
   * see `Providers.active`.
   */
  readonly state: "active" | "inactive" | "unspecified";
  /** The time at which the provider was added. Undefined if the server sent none. */
  readonly createdAt?: Date | undefined;
  /** The time of the last change. Undefined if the server sent none. */
  readonly changedAt?: Date | undefined;
  /**
   * The number of the provider's last event, as text because it may exceed the safe integers. It grows with each change, with gaps: all
   * objects of an organization or instance share the count.
   */
  readonly sequence: string;
  /**
   * The paths of fields and enum values that this version does not know. Absent if there are none. Such a provider can be read and
   * deleted, but not updated, because an update would lose these values.
   */
  readonly unknown?: readonly string[] | undefined;
}

/** The providers of the types that can be added, as reads return them: complete except for secrets, which cannot be read. */
export type ReadableByType = {
  readonly [Type in ProviderType]: ProviderInfo & { readonly type: Type } & Complete<
      Omit<SettingsByType[Type], "type" | "options" | WriteOnly>
    > & { readonly options: Complete<ProviderOptions> };
};

/** A legacy IDP of OpenID Connect. It cannot be updated, but migrated to Entra ID (Azure AD) or Google. */
export interface LegacyOIDCProvider extends ProviderInfo {
  readonly type: "legacyOidc";
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** The claim that becomes the display name. */
  readonly displayNameMapping: "unspecified" | "preferred-username" | "email";
  /** The claim that becomes the user name. */
  readonly usernameMapping: "unspecified" | "preferred-username" | "email";
  readonly stylingType: "unspecified" | "google";
  readonly autoRegister: boolean;
}

/** A legacy IDP of JWT. It can neither be updated nor migrated. */
export interface LegacyJWTProvider extends ProviderInfo {
  readonly type: "legacyJwt";
  readonly issuer: string;
  readonly jwtEndpoint: string;
  readonly keysEndpoint: string;
  readonly headerName: string;
  readonly stylingType: "unspecified" | "google";
  readonly autoRegister: boolean;
}

/** A provider of a type that this version does not know, from a newer server. */
export interface UnknownProvider extends ProviderInfo {
  readonly type: "unknown";
}

/** A provider as reads return it: a union, discriminated by `type`. */
export type IdentityProvider =
  ReadableByType[ProviderType] | LegacyOIDCProvider | LegacyJWTProvider | UnknownProvider;

/** The fields that an update changes. A given field replaces the current one, except `options` and `attributes`, which are merged. */
export type ProviderPatch = {
  readonly [Type in ProviderType]: Optional<Omit<SettingsByType[Type], "type">>;
}[ProviderType];
