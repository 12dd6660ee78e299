/** The credentials of the calling user: a token, a key, or a client id with its secret. */
export interface CredentialSettings {
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly key?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly clientSecretFile?: string | undefined;
}

/** The settings of a connection, as flags, environment variables or a profile give them. */
export interface ConnectionSettings extends CredentialSettings {
  readonly url?: string | undefined;
  readonly instanceHost?: string | undefined;
  readonly org?: string | undefined;
  readonly protocol?: string | undefined;
}

export type SettingName = keyof ConnectionSettings;

/** Returns false for a setting that is missing or blank. */
export function isProvided(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== "";
}
