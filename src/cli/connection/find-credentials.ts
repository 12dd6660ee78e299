import { UsageError } from "../errors/usage-error.js";
import { type CredentialSettings, isProvided } from "./connection-settings.js";
import type { Credentials } from "./credentials.js";
import { checkNoneEmpty } from "./find-setting.js";
import { describeSetting, describeSource, type SettingsSource } from "./settings-source.js";

type CredentialName = keyof CredentialSettings;
type CredentialKind = Credentials["kind"];

/** The meaning of one setting. */
interface CredentialRole {
  /** The kind of credentials that the setting belongs to. */
  readonly kind: CredentialKind;
  readonly holds: "secret" | "path of the secret" | "client id";
}

/** The settings of credentials. Of two settings for the same secret, the first one counts. */
const credentialRoles: Readonly<Record<CredentialName, CredentialRole>> = {
  token: { kind: "token", holds: "secret" },
  tokenFile: { kind: "token", holds: "path of the secret" },
  key: { kind: "key", holds: "secret" },
  keyFile: { kind: "keyFile", holds: "path of the secret" },
  clientId: { kind: "client", holds: "client id" },
  clientSecret: { kind: "client", holds: "secret" },
  clientSecretFile: { kind: "client", holds: "path of the secret" },
};

const credentialNames = Object.keys(credentialRoles) as CredentialName[];

const kindDescriptions: Readonly<Record<CredentialKind, string>> = {
  token: "a token",
  key: "a key",
  keyFile: "a key file",
  client: "a client id with its secret",
};

/** A credential setting that a source provides. */
interface ProvidedSetting extends CredentialRole {
  readonly value: string;
  /** The name by which users know the setting, e.g. "--token-file". */
  readonly name: string;
}

/**
 * Returns the credentials of the first source that has any. Throws a UsageError if it has two kinds of them, or only half of one,
 * and if no source has credentials but one sets a part to an empty text.
 */
export function findCredentials(sources: readonly SettingsSource[]): Credentials | undefined {
  for (const source of sources) {
    const provided = listProvided(source);
    const [first] = provided;
    if (first !== undefined) {
      checkOneKind(source, provided);
      return toCredentials(source, first.kind, provided);
    }
  }
  checkNoneEmpty(sources, credentialNames);
  return undefined;
}

/** Returns the credential settings that a source provides, in the order of `credentialRoles`. */
function listProvided(source: SettingsSource): ProvidedSetting[] {
  return credentialNames.flatMap((setting) => {
    const value = source.settings[setting];
    return isProvided(value)
      ? [{ ...credentialRoles[setting], value, name: describeSetting(source, setting) }]
      : [];
  });
}

function checkOneKind(source: SettingsSource, provided: readonly ProvidedSetting[]): void {
  const kinds = new Set(provided.map(({ kind }) => kind));
  if (kinds.size > 1) {
    const descriptions = [...kinds].map((kind) => kindDescriptions[kind]).join(" or ");
    const names = provided.map(({ name }) => name).join(", ");
    throw new UsageError(
      `${describeSource(source)} must give either ${descriptions}, not both (${names})`,
    );
  }
}

/** Combines the settings of one kind. Throws a UsageError if there is a client id without a secret, or a secret without its client id. */
function toCredentials(
  source: SettingsSource,
  kind: CredentialKind,
  provided: readonly ProvidedSetting[],
): Credentials {
  const found = provided.find(({ holds }) => holds !== "client id");
  if (found === undefined) {
    return throwIncompleteClient(source, "secret", ["clientSecret", "clientSecretFile"]);
  }
  const { value, holds, name } = found;
  const secret = { value, isFile: holds === "path of the secret", name };
  if (kind !== "client") {
    return { kind, secret, source };
  }
  const { clientId } = source.settings;
  return isProvided(clientId)
    ? { kind, clientId, secret, source }
    : throwIncompleteClient(source, "client id", ["clientId"]);
}

function throwIncompleteClient(
  source: SettingsSource,
  missing: "client id" | "secret",
  settings: readonly CredentialName[],
): never {
  checkNoneEmpty([source], settings);
  throw new UsageError(
    `${describeSource(source)} must give a client id and its secret; the ${missing} is missing`,
  );
}
