import type { Protocol } from "../../index.js";
import type { CommandContext } from "../command-context.js";
import { UsageError } from "../errors/usage-error.js";
import { combineSources } from "./combine-sources.js";
import type { ConnectionConfig } from "./connection-config.js";
import type { ConnectionFlags } from "./connection-flags.js";
import { findDefaultProfilesPath, readProfile } from "./read-profile.js";
import {
  type SettingsSource,
  toEnvironmentSource,
  toFlagsSource,
  toProfileSource,
} from "./settings-source.js";

/** The flags for the second connection of `diff`. */
export interface TargetFlags {
  readonly toProfile?: string;
  readonly toUrl?: string;
  readonly toInstanceHost?: string;
  readonly toTokenFile?: string;
  readonly toKeyFile?: string;
  readonly toClientId?: string;
  readonly toClientSecretFile?: string;
  readonly toProtocol?: Protocol;
  readonly toOrg?: string;
  readonly toInstance?: boolean;
}

/** Returns the connection to compare `from` with: another instance, or another owner on the same instance. */
export function findTargetConnection(
  context: CommandContext,
  from: ConnectionConfig,
  flags: ConnectionFlags & TargetFlags,
): ConnectionConfig {
  const { toProfile, toUrl, toOrg, toInstance } = flags;
  if (toProfile === undefined && toUrl === undefined) {
    if (toOrg === undefined && !toInstance) {
      throw new UsageError(
        "the other side is missing: pass --to-profile, --to-url, --to-org or --to-instance",
      );
    }
    return toOrg === undefined ? from : { ...from, org: { value: toOrg, name: "--to-org" } };
  }
  const profilesPath = flags.profiles ?? findDefaultProfilesPath(context);
  const fromProfile =
    toProfile === undefined
      ? []
      : [toProfileSource(toProfile, readProfile(context, toProfile, profilesPath))];
  const missing = {
    url: "No ZITADEL URL to compare with. Pass --to-url or --to-profile.",
    credentials:
      "--to-url needs --to-token-file, --to-key-file, or --to-client-id and --to-client-secret-file",
  };
  // Both sides are reached from the same network.
  const networkSources = [toFlagsSource(flags), toEnvironmentSource(context)];
  const sources = [toTargetFlagsSource(flags), ...fromProfile];
  return combineSources(sources, flags, missing, networkSources);
}

function toTargetFlagsSource(flags: TargetFlags): SettingsSource {
  return {
    kind: "flags",
    prefix: "to-",
    settings: {
      url: flags.toUrl,
      instanceHost: flags.toInstanceHost,
      tokenFile: flags.toTokenFile,
      keyFile: flags.toKeyFile,
      clientId: flags.toClientId,
      clientSecretFile: flags.toClientSecretFile,
      org: flags.toOrg,
      protocol: flags.toProtocol,
    },
  };
}
