import type { ConnectionFlags } from "./connection-flags.js";
import type { CommandContext } from "../command-context.js";
import { UsageError } from "../report/failure-json.js";
import type { Profile } from "./read-profile.js";

/** The credentials of the calling user: a token, a key, or a client id with its secret. */
export interface Credentials {
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly key?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly clientSecretFile?: string | undefined;
}

/** The settings of a connection. */
export interface Settings extends Credentials {
  readonly url?: string | undefined;
  readonly org?: string | undefined;
  readonly protocol?: string | undefined;
}

/** Settings from one place: the flags, the environment or a profile. */
export interface Source {
  readonly name: string;
  readonly settings: Settings;
  /** Returns the name by which users know a setting, e.g. "--url" or "ZITADEL_URL". */
  readonly nameOf: (setting: keyof Settings) => string;
}

export const credentialNames: readonly (keyof Credentials)[] = [
  "token",
  "tokenFile",
  "key",
  "keyFile",
  "clientId",
  "clientSecret",
  "clientSecretFile",
];

/** Returns the settings that flags give. `prefix` begins the names of flags for a second connection, such as `--to-url`. */
export function flagSource(name: string, settings: Settings, prefix = ""): Source {
  return { name, settings, nameOf: (setting) => `--${prefix}${separated(setting, "-")}` };
}

/** Returns the settings that environment variables give, such as `ZITADEL_URL`. */
export function environmentSource({ env }: CommandContext): Source {
  const nameOf = (setting: keyof Settings): string =>
    `ZITADEL_${separated(setting, "_").toUpperCase()}`;
  const names = ["url", "org", "protocol", "token", "key", "keyFile", "clientId", "clientSecret"] as const; // prettier-ignore
  const settings = Object.fromEntries(names.map((name) => [name, env[nameOf(name)]])) as Settings;
  return { name: "the environment", settings, nameOf };
}

export function profileSource(name: string, settings: Profile): Source {
  return {
    name: `profile ${name}`,
    settings,
    nameOf: (setting) => `${setting} of profile ${name}`,
  };
}

export function optionsOf(options: ConnectionFlags): Settings {
  const { url, org, protocol, tokenFile, keyFile, clientId, clientSecretFile } = options;
  return { url, org, protocol, tokenFile, keyFile, clientId, clientSecretFile };
}

/** Converts a name from camel case to lower-case words with a separator between them. */
function separated(name: string, separator: string): string {
  return name.replace(/[A-Z]/g, (letter) => `${separator}${letter.toLowerCase()}`);
}

/** A value with the name by which users know it, e.g. "--url". */
export interface Named {
  readonly value: string;
  readonly name: string;
}

/** Returns the value of a setting from the first source that has one. An empty value counts as missing. */
export function firstOf(sources: readonly Source[], setting: keyof Settings): Named | undefined {
  const source = sources.find((each) => isGiven(each.settings[setting]));
  return source && { value: source.settings[setting] ?? "", name: source.nameOf(setting) };
}

/** Throws a UsageError if a source sets one of these settings to an empty value, which is a mistake rather than a choice. */
export function checkNotEmpty(
  sources: readonly Source[],
  settings: readonly (keyof Settings)[],
): void {
  const empty = sources.flatMap(({ settings: values, nameOf }) =>
    settings.filter((each) => values[each] !== undefined && !isGiven(values[each])).map(nameOf),
  );
  if (empty.length > 0) {
    const verb = empty.length === 1 ? "is" : "are";
    throw new UsageError(
      `${empty.join(" and ")} ${verb} set but empty: set a value, or leave it out`,
    );
  }
}

function isGiven(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== "";
}

/** The kinds of credentials, and the settings of each. */
const kinds: Readonly<Record<string, readonly (keyof Credentials)[]>> = {
  "a token": ["token", "tokenFile"],
  "a key": ["key"],
  "a key file": ["keyFile"],
  "a client id with its secret": ["clientId", "clientSecret", "clientSecretFile"],
};

/** Returns the first source with credentials. Throws a UsageError if it has two kinds of them, or only half of one. */
export function findCredentials(sources: readonly Source[]): Source | undefined {
  const source = sources.find(({ settings }) =>
    credentialNames.some((each) => isGiven(settings[each])),
  );
  if (source === undefined) {
    return undefined;
  }
  const { name, nameOf, settings } = source;
  const given = credentialNames.filter((each) => isGiven(settings[each]));
  const ways = Object.entries(kinds).filter(([, names]) =>
    names.some((each) => given.includes(each)),
  );
  if (ways.length > 1) {
    throw new UsageError(
      `${name} must give either ${ways.map(([way]) => way).join(" or ")}, not both (${given.map(nameOf).join(", ")})`,
    );
  }
  const hasId = given.includes("clientId");
  const hasSecret = given.includes("clientSecret") || given.includes("clientSecretFile");
  if (hasId !== hasSecret) {
    const missing = hasId
      ? (["clientSecret", "clientSecretFile"] as const)
      : (["clientId"] as const);
    checkNotEmpty([source], missing);
    throw new UsageError(
      `${name} must give a client id and its secret; the ${hasId ? "secret" : "client id"} is missing`,
    );
  }
  return source;
}
