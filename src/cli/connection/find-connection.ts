import type { CommandContext } from "../command-context.js";
import { displayPath } from "../secrets/display-path.js";
import { combineSources, type MissingSettingTexts } from "./combine-sources.js";
import type { ConnectionConfig } from "./connection-config.js";
import type { ConnectionFlags } from "./connection-flags.js";
import { findNetwork } from "./find-network.js";
import { findSetting, type FoundSetting } from "./find-setting.js";
import { findProfile } from "./find-profile.js";
import {
  type SettingsSource,
  toEnvironmentSource,
  toFlagsSource,
  toProfileSource,
} from "./settings-source.js";

/**
 * Returns the connection from flags, environment variables and a profile. Flags override the environment, and the environment overrides
 * the profile. A profile that `--profile` names overrides the environment too.
 */
export function findConnection(context: CommandContext, flags: ConnectionFlags): ConnectionConfig {
  const found = findProfile(context, flags);
  const { profilesPath, profileName, profile } = found;
  const missing = profileName === "" ? emptyProfileTexts : composeMissingTexts(profilesPath);
  const sources = orderSources(context, flags, found);
  return { ...combineSources(sources, flags, missing), allowEnv: profile?.allowEnv ?? [] };
}

/** The settings of a command without a connection to ZITADEL, such as `doctor --offline`. */
export interface OfflineSettings extends Pick<ConnectionConfig, "network" | "allowEnv"> {
  readonly url: FoundSetting | undefined;
}

/** Returns the settings for a command without a connection to ZITADEL: the network, and the URL if it is set. */
export function findOfflineSettings(
  context: CommandContext,
  flags: ConnectionFlags,
): OfflineSettings {
  const found = findProfile(context, flags);
  const sources = orderSources(context, flags, found);
  return {
    url: findSetting(sources, "url"),
    network: findNetwork(sources),
    allowEnv: found.profile?.allowEnv ?? [],
  };
}

/** Returns the sources of settings. Earlier sources override later ones. */
function orderSources(
  context: CommandContext,
  flags: ConnectionFlags,
  { profileName, profile }: ReturnType<typeof findProfile>,
): SettingsSource[] {
  const fromFlags = toFlagsSource(flags);
  const fromEnvironment = toEnvironmentSource(context);
  const fromProfile = profileName && profile ? [toProfileSource(profileName, profile)] : [];
  return flags.profile === undefined
    ? [fromFlags, fromEnvironment, ...fromProfile]
    : [fromFlags, ...fromProfile, fromEnvironment];
}

const emptyProfile = "ZITADEL_PROFILE is set but empty: set the name of a profile, or unset it";
const emptyProfileTexts: MissingSettingTexts = { url: emptyProfile, credentials: emptyProfile };

function composeMissingTexts(profilesPath: string): MissingSettingTexts {
  const profiles = `use --profile NAME (profiles are read from ${displayPath(profilesPath)})`;
  return {
    url: `No ZITADEL URL. Set ZITADEL_URL, pass --url, or ${profiles}.`,
    credentials: `No ZITADEL credentials. Use one of these:
  environment:  ZITADEL_TOKEN, ZITADEL_KEY, ZITADEL_KEY_FILE, or ZITADEL_CLIENT_ID and ZITADEL_CLIENT_SECRET
  flags:        --token-file, --key-file, or --client-id and --client-secret-file
  a profile:    ${profiles}`,
  };
}
