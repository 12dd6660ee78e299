import type { NetworkSettings } from "./connection-settings.js";
import { findSetting, type FoundSetting } from "./find-setting.js";
import type { SettingsSource } from "./settings-source.js";

/** The way to the server: the forward proxy, the files with the certificates for TLS, and the passphrase of the key. */
export type Network = Readonly<Record<keyof NetworkSettings, FoundSetting | undefined>>;

/** Returns the network settings of the first sources that have them. Throws a UsageError if one is set but empty. */
export function findNetwork(sources: readonly SettingsSource[]): Network {
  return {
    proxy: findSetting(sources, "proxy"),
    caFile: findSetting(sources, "caFile"),
    certFile: findSetting(sources, "certFile"),
    keyPemFile: findSetting(sources, "keyPemFile"),
    keyPassphrase: findSetting(sources, "keyPassphrase"),
  };
}
