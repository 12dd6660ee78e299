import { UsageError } from "../errors/usage-error.js";
import { type CredentialSettings, isProvided } from "./connection-settings.js";
import { checkNoneEmpty } from "./find-setting.js";
import { describeSetting, describeSource, type SettingsSource } from "./settings-source.js";

/** The credentials of a connection. */
export interface Credentials {
  readonly kind: CredentialKind;
  /** The login name of the service user. Only for the kind `client`. */
  readonly clientId: string | undefined;
  readonly secret: CredentialSecret;
  /** The source of the credentials. All parts come from the same one. */
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

type CredentialName = keyof CredentialSettings;
type CredentialKind = "token" | "key" | "keyFile" | "client";

/** The kinds of credentials, and the settings of each. */
const credentialKinds: Readonly<
  Record<CredentialKind, { description: string; settings: readonly CredentialName[] }>
> = {
  token: { description: "a token", settings: ["token", "tokenFile"] },
  key: { description: "a key", settings: ["key"] },
  keyFile: { description: "a key file", settings: ["keyFile"] },
  client: {
    description: "a client id with its secret",
    settings: ["clientId", "clientSecret", "clientSecretFile"],
  },
};

const kindNames = Object.keys(credentialKinds) as CredentialKind[];

const credentialNames: readonly CredentialName[] = kindNames.flatMap(
  (kind) => credentialKinds[kind].settings,
);

/** The settings that hold a secret or the path of one. A secret itself comes before the path. */
const secretNames = ["token", "tokenFile", "key", "keyFile", "clientSecret", "clientSecretFile"] as const satisfies readonly CredentialName[]; // prettier-ignore
const fileNames: ReadonlySet<CredentialName> = new Set(["tokenFile", "keyFile", "clientSecretFile"]); // prettier-ignore

/**
 * Returns the credentials of the first source that has any. Throws a UsageError if it has two kinds of them, or only half of one,
 * and if no source has credentials but one sets a part to an empty text.
 */
export function findCredentials(sources: readonly SettingsSource[]): Credentials | undefined {
  const source = sources.find(({ settings }) =>
    credentialNames.some((each) => isProvided(settings[each])),
  );
  if (source === undefined) {
    checkNoneEmpty(sources, credentialNames);
    return undefined;
  }
  const kind = findKind(source);
  if (kind === "client") {
    checkClientIsComplete(source);
  }
  const { clientId } = source.settings;
  return {
    kind,
    clientId: kind === "client" ? clientId : undefined,
    secret: readSecret(source),
    source,
  };
}

function findKind(source: SettingsSource): CredentialKind {
  const given = credentialNames.filter((each) => isProvided(source.settings[each]));
  const kinds = kindNames.filter((kind) =>
    credentialKinds[kind].settings.some((each) => given.includes(each)),
  );
  const [kind = "token"] = kinds;
  if (kinds.length > 1) {
    const descriptions = kinds.map((each) => credentialKinds[each].description);
    const names = given.map((each) => describeSetting(source, each));
    throw new UsageError(
      `${describeSource(source)} must give either ${descriptions.join(" or ")}, not both (${names.join(", ")})`,
    );
  }
  return kind;
}

function checkClientIsComplete(source: SettingsSource): void {
  const { clientId, clientSecret, clientSecretFile } = source.settings;
  const hasId = isProvided(clientId);
  const hasSecret = isProvided(clientSecret) || isProvided(clientSecretFile);
  if (hasId && hasSecret) {
    return;
  }
  checkNoneEmpty([source], hasId ? ["clientSecret", "clientSecretFile"] : ["clientId"]);
  throw new UsageError(
    `${describeSource(source)} must give a client id and its secret; the ${hasId ? "secret" : "client id"} is missing`,
  );
}

function readSecret(source: SettingsSource): CredentialSecret {
  const setting = secretNames.find((each) => isProvided(source.settings[each])) ?? "token";
  return {
    value: source.settings[setting] ?? "",
    isFile: fileNames.has(setting),
    name: describeSetting(source, setting),
  };
}
