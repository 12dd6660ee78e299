/**
 * The settings for the credentials of the calling user: a token, a key, or a client id with its secret. A setting whose name ends in
 * `File` has the path of the file.
 */
export const credentialSettings = [
  "token",
  "tokenFile",
  "key",
  "keyFile",
  "clientId",
  "clientSecret",
  "clientSecretFile",
] as const;

/** The name of a setting for credentials. */
export type CredentialSetting = (typeof credentialSettings)[number];

type CredentialSettings = Readonly<Partial<Record<CredentialSetting, string | undefined>>>;

/** The way to the server: the forward proxy, and the certificates for TLS. */
export interface NetworkSettings {
  /** The URL of the proxy, or `none`. */
  readonly proxy?: string | undefined;
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyPemFile?: string | undefined;
  /** The passphrase of an encrypted key in `keyPemFile`. It can only come from the environment. */
  readonly keyPassphrase?: string | undefined;
}

/** The settings of a connection, as flags, environment variables or a profile give them. */
export interface ConnectionSettings extends CredentialSettings, NetworkSettings {
  readonly url?: string | undefined;
  readonly instanceHost?: string | undefined;
  readonly org?: string | undefined;
  readonly protocol?: string | undefined;
}

/** The name of a setting of a connection. */
export type SettingName = keyof ConnectionSettings;

/** Returns false for a setting that is missing or blank. */
export function isProvided(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== "";
}
