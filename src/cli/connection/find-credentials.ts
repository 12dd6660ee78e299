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
    const provided = credentialSettings.filter((name) => isProvided(source.settings[name]));
    if (provided.length > 0) {
      return toCredentials(source, provided);
    }
  }
  checkNoneEmpty(sources, credentialSettings);
  return undefined;
}

/**
 * Converts the provided settings of a source, which are in the order of `credentialSettings`. Any combination without a case of its
 * own is more than one credential.
 */
function toCredentials(
  source: SettingsSource,
  provided: readonly CredentialSetting[],
): Credentials {
  switch (provided.join(" ")) {
    case "token":
      return { kind: "token", secret: toSecret(source, "token"), source };
    case "tokenFile":
      return { kind: "token", secret: toSecret(source, "tokenFile"), source };
    case "key":
      return { kind: "key", secret: toSecret(source, "key"), source };
    case "keyFile":
      return { kind: "keyFile", secret: toSecret(source, "keyFile"), source };
    case "clientId clientSecret":
      return toClientCredentials(source, "clientSecret");
    case "clientId clientSecretFile":
      return toClientCredentials(source, "clientSecretFile");
    case "clientId":
      checkNoneEmpty([source], ["clientSecret", "clientSecretFile"]);
      throw new UsageError(
        `${describeSource(source)} must give a client id and its secret; the secret is missing`,
      );
    case "clientSecret":
    case "clientSecretFile":
      checkNoneEmpty([source], ["clientId"]);
      throw new UsageError(
        `${describeSource(source)} must give a client id and its secret; the client id is missing`,
      );
    default: {
      const names = provided.map((setting) => describeSetting(source, setting)).join(", ");
      throw new UsageError(
        `${describeSource(source)} must give one token, one key, or one client id with its secret, not more (${names})`,
      );
    }
  }
}

function toClientCredentials(
  source: SettingsSource,
  secretSetting: "clientSecret" | "clientSecretFile",
): Credentials {
  const clientId = source.settings.clientId as string;
  return { kind: "client", clientId, secret: toSecret(source, secretSetting), source };
}

/** Returns the secret in a provided setting, or the path of its file. */
function toSecret(source: SettingsSource, setting: CredentialSetting): CredentialSecret {
  return {
    value: source.settings[setting] as string,
    isFile: setting.endsWith("File"),
    name: describeSetting(source, setting),
  };
}
