import type { CommandContext } from "../command-context.js";
import type { ConnectionFlags } from "./connection-flags.js";
import type { ConnectionSettings, SettingName } from "./connection-settings.js";
import type { Profile } from "./read-profile.js";

/** Settings from one place. */
export type SettingsSource = FlagsSource | EnvironmentSource | ProfileSource;

interface FlagsSource {
  readonly kind: "flags";
  readonly settings: ConnectionSettings;
  /** The beginning of the names of these flags, such as `to-` for `--to-url`. */
  readonly prefix: "" | "to-";
}

interface EnvironmentSource {
  readonly kind: "environment";
  readonly settings: ConnectionSettings;
}

interface ProfileSource {
  readonly kind: "profile";
  readonly settings: ConnectionSettings;
  readonly profileName: string;
}

/** Returns the settings that the flags of a connection give. */
export function toFlagsSource(flags: ConnectionFlags): SettingsSource {
  const { url, instanceHost, org, protocol } = flags;
  const { tokenFile, keyFile, clientId, clientSecretFile } = flags;
  const { proxy, caFile, certFile, keyPemFile } = flags;
  const credentials = { tokenFile, keyFile, clientId, clientSecretFile };
  const network = { proxy, caFile, certFile, keyPemFile };
  return {
    kind: "flags",
    settings: { url, instanceHost, org, protocol, ...credentials, ...network },
    prefix: "",
  };
}

const environmentSettings = [
  "url",
  "instanceHost",
  "org",
  "protocol",
  "token",
  "key",
  "keyFile",
  "clientId",
  "clientSecret",
  "proxy",
  "caFile",
  "certFile",
  "keyPemFile",
  "keyPassphrase",
] as const satisfies readonly SettingName[];

/** Returns the settings that environment variables such as `ZITADEL_URL` give. */
export function toEnvironmentSource({ env }: CommandContext): SettingsSource {
  const settings: ConnectionSettings = Object.fromEntries(
    environmentSettings.map((setting) => [setting, env[variableName(setting)]]),
  );
  return { kind: "environment", settings };
}

/** Returns the settings that a profile gives. */
export function toProfileSource(profileName: string, profile: Profile): SettingsSource {
  return { kind: "profile", settings: profile, profileName };
}

/** Returns the name of a source for errors. */
export function describeSource(source: SettingsSource): string {
  switch (source.kind) {
    case "flags":
      return source.prefix === "" ? "the flags" : `the flags --${source.prefix}…`;
    case "environment":
      return "the environment";
    default:
      return `profile ${source.profileName}`;
  }
}

/** Returns the name by which users know a setting of a source, e.g. "--url" or "ZITADEL_URL". */
export function describeSetting(source: SettingsSource, setting: SettingName): string {
  switch (source.kind) {
    case "flags":
      return `--${source.prefix}${splitWords(setting, "-")}`;
    case "environment":
      return variableName(setting);
    default:
      return `${setting} of profile ${source.profileName}`;
  }
}

function variableName(setting: SettingName): string {
  return `ZITADEL_${splitWords(setting, "_").toUpperCase()}`;
}

/** Converts a name from camel case to lower-case words with a separator between them. */
function splitWords(name: string, separator: string): string {
  return name.replace(/[A-Z]/g, (letter) => `${separator}${letter.toLowerCase()}`);
}
