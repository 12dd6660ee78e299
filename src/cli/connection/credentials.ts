import type { SettingsSource } from "./settings-source.js";

/** The credentials of a connection. */
export type Credentials = TokenCredentials | KeyCredentials | ClientCredentials;

/** A token. */
interface TokenCredentials extends CredentialParts {
  readonly kind: "token";
}

/** The key of a service user. */
interface KeyCredentials extends CredentialParts {
  readonly kind: "key";
}

/** A client id with its secret. */
interface ClientCredentials extends CredentialParts {
  readonly kind: "client";
  /** The login name of the service user. */
  readonly clientId: string;
}

/** The parts of all kinds of credentials. */
interface CredentialParts {
  readonly secret: CredentialSecret;
  /** The source of all parts of the credentials. */
  readonly source: SettingsSource;
}

/** The secret of credentials, or the path of the file with it. */
export interface CredentialSecret {
  readonly value: string;
  /** True if the value is the path of a file. */
  readonly isFile: boolean;
  /** The name by which users know the setting, e.g. "--token-file". */
  readonly name: string;
}
