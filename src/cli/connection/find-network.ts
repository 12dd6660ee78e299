import type { NetworkSettings } from "./connection-settings.js";
import { findSetting, type FoundSetting } from "./find-setting.js";
import type { SettingsSource } from "./settings-source.js";

/** The way to the server: the forward proxy, the files with the certificates for TLS, and the passphrase of the key. */
export type Network = Readonly<Record<keyof NetworkSettings, FoundSetting | undefined>>;

/** Returns each network setting from the first source that has it. Throws a UsageError for a setting that is only set to an empty text. */
export function findNetwork(sources: readonly SettingsSource[]): Network {
  return {
    proxy: findSetting(sources, "proxy"),
    caFile: findSetting(sources, "caFile"),
    certFile: findSetting(sources, "certFile"),
    keyPemFile: findSetting(sources, "keyPemFile"),
    keyPassphrase: findSetting(sources, "keyPassphrase"),
  };
}
