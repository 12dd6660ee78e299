import type { CommandContext } from "../command-context.js";
import type { ConnectionFlags } from "./connection-flags.js";
import type { ConnectionSettings, SettingName } from "./connection-settings.js";
import type { Profile } from "./read-profile.js";

/** The settings from one source: flags, the environment or a profile. */
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

/** The settings that have a flag. */
type FlagSettings = Readonly<Record<SettingName & keyof ConnectionFlags, string | undefined>>;

/** Returns the settings that the flags set. */
export function toFlagsSource(flags: ConnectionFlags): SettingsSource {
  const settings: FlagSettings = {
    url: flags.url,
    instanceHost: flags.instanceHost,
    org: flags.org,
    protocol: flags.protocol,
    tokenFile: flags.tokenFile,
    keyFile: flags.keyFile,
    clientId: flags.clientId,
    clientSecretFile: flags.clientSecretFile,
    proxy: flags.proxy,
    caFile: flags.caFile,
    certFile: flags.certFile,
    keyPemFile: flags.keyPemFile,
  };
  return { kind: "flags", settings, prefix: "" };
}

/** True for the settings with an environment variable. A token or client secret is in the variable itself, so its path has none. */
const hasVariable: Readonly<Record<SettingName, boolean>> = {
  url: true,
  instanceHost: true,
  org: true,
  protocol: true,
  token: true,
  tokenFile: false,
  key: true,
  keyFile: true,
  clientId: true,
  clientSecret: true,
  clientSecretFile: false,
  proxy: true,
  caFile: true,
  certFile: true,
  keyPemFile: true,
  keyPassphrase: true,
};

const environmentSettings = (Object.keys(hasVariable) as SettingName[]).filter(
  (setting) => hasVariable[setting],
);

/** Returns the settings that environment variables such as `ZITADEL_URL` set. */
export function toEnvironmentSource({ env }: CommandContext): SettingsSource {
  const settings: ConnectionSettings = Object.fromEntries(
    environmentSettings.map((setting) => [setting, env[toVariableName(setting)]]),
  );
  return { kind: "environment", settings };
}

/** Returns the settings that a profile sets. */
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
      return toVariableName(setting);
    default:
      return `${setting} of profile ${source.profileName}`;
  }
}

function toVariableName(setting: SettingName): string {
  return `ZITADEL_${splitWords(setting, "_").toUpperCase()}`;
}

/** Converts a name from camel case to lower-case words with a separator between them. */
function splitWords(name: string, separator: string): string {
  return name.replace(/[A-Z]/g, (letter) => `${separator}${letter.toLowerCase()}`);
}
