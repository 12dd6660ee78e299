import { UsageError } from "../errors/usage-error.js";
import { type CredentialSetting, credentialSettings, isProvided } from "./connection-settings.js";
import type { Credentials, CredentialSecret } from "./credentials.js";
import { checkNoneEmpty } from "./find-setting.js";
import { describeSetting, describeSource, type SettingsSource } from "./settings-source.js";

/** Credentials as a source gives them. A client id or its secret may be missing. */
interface FoundCredentials {
  readonly kind: Credentials["kind"];
  readonly clientId?: string | undefined;
  readonly secret: CredentialSecret | undefined;
}

/**
 * Returns the credentials of the first source that has any, or undefined if none has. Throws a UsageError if that source has more than
 * one secret or only half of a client id and its secret, and if a setting is empty where a value is missing.
 */
export function findCredentials(sources: readonly SettingsSource[]): Credentials | undefined {
  for (const source of sources) {
    const found = listCredentials(source);
    if (found.length > 1) {
      throw tooManyCredentials(source, found);
    }
    if (found[0] !== undefined) {
      return toCredentials(source, found[0]);
    }
  }
  checkNoneEmpty(sources, credentialSettings);
  return undefined;
}

function listCredentials(source: SettingsSource): FoundCredentials[] {
  const tokens = listSecrets(source, "token", "tokenFile");
  const keys = listSecrets(source, "key", "keyFile");
  const clientSecrets = listSecrets(source, "clientSecret", "clientSecretFile");
  const clientId = isProvided(source.settings.clientId) ? source.settings.clientId : undefined;
  const lacksSecret = clientId !== undefined && clientSecrets.length === 0;
  return [
    ...tokens.map((secret) => ({ kind: "token" as const, secret })),
    ...keys.map((secret) => ({ kind: "key" as const, secret })),
    ...clientSecrets.map((secret) => ({ kind: "client" as const, clientId, secret })),
    ...(lacksSecret ? [{ kind: "client" as const, clientId, secret: undefined }] : []),
  ];
}

/** Lists the secrets of one kind that a source provides, either by themselves or by the path of a file. */
function listSecrets(
  source: SettingsSource,
  setting: CredentialSetting,
  fileSetting: CredentialSetting,
): CredentialSecret[] {
  const settings = [
    { setting, isFile: false },
    { setting: fileSetting, isFile: true },
  ];
  return settings.flatMap((each) => {
    const value = source.settings[each.setting];
    const name = describeSetting(source, each.setting);
    return isProvided(value) ? [{ value, isFile: each.isFile, name }] : [];
  });
}

/** Returns complete credentials. Throws a UsageError if a client id or its secret is missing. */
function toCredentials(
  source: SettingsSource,
  { kind, clientId, secret }: FoundCredentials,
): Credentials {
  if (secret === undefined) {
    checkNoneEmpty([source], ["clientSecret", "clientSecretFile"]);
    throw incompleteClient(source, "secret");
  }
  if (kind !== "client") {
    return { kind, secret, source };
  }
  if (clientId === undefined) {
    checkNoneEmpty([source], ["clientId"]);
    throw incompleteClient(source, "client id");
  }
  return { kind, clientId, secret, source };
}

function tooManyCredentials(
  source: SettingsSource,
  found: readonly FoundCredentials[],
): UsageError {
  const names = found.map(({ secret }) => secret?.name ?? describeSetting(source, "clientId"));
  return new UsageError(
    `${describeSource(source)} must give one token, one key, or one client id with its secret, not more (${names.join(", ")})`,
  );
}

function incompleteClient(source: SettingsSource, missing: "client id" | "secret"): UsageError {
  return new UsageError(
    `${describeSource(source)} must give a client id and its secret; the ${missing} is missing`,
  );
}
