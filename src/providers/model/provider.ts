import type { ProviderOptions, SettingsByType } from "../../../gen/providers.js";

/** A type of provider that can be made. */
export type ProviderType = keyof SettingsByType;

/** What one can set of a provider: a discriminated union by `type`. Of secrets it holds new ones only. */
export type ProviderSettings = SettingsByType[ProviderType];

/** The fields that no read returns. */
export type SecretField = "clientSecret" | "bindPassword" | "privateKey";

/** Fields of a provider that are only written. */
type WriteOnly = SecretField | "metadataUrl";

type Complete<T> = T extends string | readonly unknown[]
  ? T
  : T extends object
    ? { readonly [Key in keyof T]-?: Complete<Exclude<T[Key], undefined>> }
    : T;

/** What can be told of a provider of any type. */
export interface ProviderInfo {
  readonly id: string;
  /** Empty, if it has none: that is allowed for GitHub, GitLab, Google and Apple. */
  readonly name: string;
  /** Whether an organization owns it, or the instance. */
  readonly owner: "org" | "instance";
  /** The id of that organization or instance. */
  readonly ownerId: string;
  /** Providers are always active; legacy IDPs may be inactive. Whether the login page offers it is another matter: see `active`. */
  readonly state: "active" | "inactive" | "unspecified";
  readonly createdAt?: Date;
  readonly changedAt?: Date;
  /**
   * The number of its last event, as text, because it may be too large for a number. It grows with each change; all that an
   * organization owns (or the instance) is counted together, so that it has gaps.
   */
  readonly sequence: string;
  /**
   * What came with it that this version does not know: fields, values of enums. Absent, if there was nothing. Such a provider
   * can be read and deleted, but not updated: an update would lose that.
   */
  readonly unknown?: readonly string[];
}

/** Providers of the types that can be made, as they are read: complete but for secrets, which nobody can read. */
export type ReadableByType = {
  readonly [Type in ProviderType]: ProviderInfo & { readonly type: Type } & Complete<
      Omit<SettingsByType[Type], "type" | "options" | WriteOnly>
    > & { readonly options: Complete<ProviderOptions> };
};

/** A legacy IDP of OpenID Connect. Read-only here; it can be migrated to Entra ID (Azure AD) or Google. */
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

/** A legacy IDP of JWT. Read-only here; nothing migrates it. */
export interface LegacyJWTProvider extends ProviderInfo {
  readonly type: "legacyJwt";
  readonly issuer: string;
  readonly jwtEndpoint: string;
  readonly keysEndpoint: string;
  readonly headerName: string;
  readonly stylingType: "unspecified" | "google";
  readonly autoRegister: boolean;
}

/** A provider of a type that this version does not know: of a newer server. */
export interface UnknownProvider extends ProviderInfo {
  readonly type: "unknown";
}

/** A provider as it is read: a discriminated union by `type`. */
export type IdentityProvider =
  ReadableByType[ProviderType] | LegacyOIDCProvider | LegacyJWTProvider | UnknownProvider;

/** What an update changes: the fields that are given, each as a whole but for `options` and `attributes`, which are merged. */
export type ProviderPatch = {
  readonly [Type in ProviderType]: Partial<Omit<SettingsByType[Type], "type">>;
}[ProviderType];
