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
    const found = listCredentials(source);
    if (found.length > 1) {
      const names = found.map(({ secret }) => secret.name);
      throw createTooManyCredentialsError(source, names);
    }
    if (found[0] !== undefined) {
      return found[0];
    }
  }
  checkNoneEmpty(sources, credentialSettings);
  return undefined;
}

/** Lists the credentials of a source. Throws a UsageError if it has a client id without a secret, or a secret without its client id. */
function listCredentials(source: SettingsSource): Credentials[] {
  const found: Credentials[] = [];
  for (const secret of listSecrets(source, { text: "token", file: "tokenFile" })) {
    found.push({ kind: "token", secret, source });
  }
  for (const secret of listSecrets(source, { text: "key", file: "keyFile" })) {
    found.push({ kind: "key", secret, source });
  }
  const { clientId } = source.settings;
  const secrets = listSecrets(source, { text: "clientSecret", file: "clientSecretFile" });
  const clientNames = [
    ...(isProvided(clientId) ? [describeSetting(source, "clientId")] : []),
    ...secrets.map(({ name }) => name),
  ];
  if (found.length > 0 && clientNames.length > 0) {
    throw createTooManyCredentialsError(source, [
      ...found.map(({ secret }) => secret.name),
      ...clientNames,
    ]);
  }
  for (const secret of secrets) {
    if (!isProvided(clientId)) {
      checkNoneEmpty([source], ["clientId"]);
      throw createIncompleteClientError(source, { given: secret.name, missing: "clientId" });
    }
    found.push({ kind: "client", clientId, secret, source });
  }
  if (isProvided(clientId) && secrets.length === 0) {
    checkNoneEmpty([source], ["clientSecret", "clientSecretFile"]);
    const given = describeSetting(source, "clientId");
    const missing = source.kind === "flags" ? "clientSecretFile" : "clientSecret";
    throw createIncompleteClientError(source, { given, missing });
  }
  return found;
}

/** Lists the secrets that a source provides, as `text` or in a `file`. A source that gives both has two. */
function listSecrets(
  source: SettingsSource,
  { text, file }: { readonly text: CredentialSetting; readonly file: CredentialSetting },
): CredentialSecret[] {
  const secrets: CredentialSecret[] = [];
  for (const setting of [text, file]) {
    const value = source.settings[setting];
    if (isProvided(value)) {
      secrets.push({ value, isFile: setting === file, name: describeSetting(source, setting) });
    }
  }
  return secrets;
}

function createTooManyCredentialsError(
  source: SettingsSource,
  names: readonly string[],
): UsageError {
  return new UsageError(
    `${describeSource(source)} must give one token, one key, or one client id with its secret, not more (${names.join(", ")})`,
  );
}

function createIncompleteClientError(
  source: SettingsSource,
  { given, missing }: { readonly given: string; readonly missing: CredentialSetting },
): UsageError {
  const half = missing === "clientId" ? "client id" : "secret";
  return new UsageError(
    `${describeSource(source)} must give both a client id and its secret; the ${half} is missing: add ${describeSetting(source, missing)}, or leave out ${given}`,
  );
}
