import { UsageError } from "../errors/usage-error.js";
import { type CredentialSetting, credentialSettings, isProvided } from "./connection-settings.js";
import type { Credentials, CredentialSecret } from "./credentials.js";
import { checkNoneEmpty } from "./find-setting.js";
import { describeSetting, describeSource, type SettingsSource } from "./settings-source.js";

/**
 * Returns the credentials of the first source that has any, or undefined if none has. Throws a UsageError if that source has more than
 * one secret or only half of a client id and its secret, and if a setting is empty where a value is missing.
 */
export function findCredentials(sources: readonly SettingsSource[]): Credentials | undefined {
  for (const source of sources) {
    const found = [...listTokens(source), ...listKeys(source), ...listClients(source)];
    if (found.length > 1) {
      throw tooManyCredentials(source, found);
    }
    if (found[0] !== undefined) {
      return found[0];
    }
  }
  checkNoneEmpty(sources, credentialSettings);
  return undefined;
}

function listTokens(source: SettingsSource): Credentials[] {
  const secrets = listSecrets(source, ["token", "tokenFile"]);
  return secrets.map((secret) => ({ kind: "token", secret, source }));
}

function listKeys(source: SettingsSource): Credentials[] {
  const secrets = listSecrets(source, ["key", "keyFile"]);
  return secrets.map((secret) => ({ kind: "key", secret, source }));
}

/** Lists the client ids with their secrets. Throws a UsageError if a source has an id without a secret, or a secret without its id. */
function listClients(source: SettingsSource): Credentials[] {
  const secrets = listSecrets(source, ["clientSecret", "clientSecretFile"]);
  const { clientId } = source.settings;
  if (isProvided(clientId)) {
    return secrets.length === 0
      ? throwIncompleteClient(source, describeSetting(source, "clientId"), "secret")
      : secrets.map((secret) => ({ kind: "client", clientId, secret, source }));
  }
  return secrets[0] === undefined
    ? []
    : throwIncompleteClient(source, secrets[0].name, "client id");
}

/** Lists the secrets that a source provides in a setting or in the file that the other setting names. */
function listSecrets(
  source: SettingsSource,
  [textSetting, fileSetting]: readonly [CredentialSetting, CredentialSetting],
): CredentialSecret[] {
  return [
    { setting: textSetting, isFile: false },
    { setting: fileSetting, isFile: true },
  ].flatMap(({ setting, isFile }) => {
    const value = source.settings[setting];
    return isProvided(value) ? [{ value, isFile, name: describeSetting(source, setting) }] : [];
  });
}

function tooManyCredentials(source: SettingsSource, found: readonly Credentials[]): UsageError {
  const names = found.map(({ secret }) => secret.name).join(", ");
  return new UsageError(
    `${describeSource(source)} must give one token, one key, or one client id with its secret, not more (${names})`,
  );
}

/** Throws the error of a source that has `given` without the other half of a client's credentials. */
function throwIncompleteClient(
  source: SettingsSource,
  given: string,
  missing: "client id" | "secret",
): never {
  checkNoneEmpty([source], ["clientId", "clientSecret", "clientSecretFile"]);
  throw new UsageError(
    `${describeSource(source)} must give a client id and its secret; the ${missing} is missing: add it, or leave out ${given}`,
  );
}
