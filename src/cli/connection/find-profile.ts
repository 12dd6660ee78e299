import type { CommandContext } from "../command-context.js";
import { UsageError } from "../errors/usage-error.js";
import type { ConnectionFlags } from "./connection-flags.js";
import { findDefaultProfilesPath, type Profile, readProfile } from "./read-profile.js";

/** The flags that select a profile. */
export type ProfileFlags = Pick<ConnectionFlags, "profile" | "profiles">;

/** The profile that flags or the environment name, and its source. */
interface FoundProfile {
  /** The path of the file with the profiles. */
  readonly profilesPath: string;
  /** The name. Undefined if none is given; empty if `ZITADEL_PROFILE` is empty. */
  readonly profileName: string | undefined;
  readonly profile: Profile | undefined;
}

/** Returns the profile that `--profile` or `ZITADEL_PROFILE` names, if one of them does. */
export function findProfile(context: CommandContext, flags: ProfileFlags): FoundProfile {
  if (flags.profile?.trim() === "") {
    throw new UsageError("--profile is empty: pass the name of a profile, or leave it out");
  }
  const profilesPath = flags.profiles ?? findDefaultProfilesPath(context);
  const profileName = flags.profile ?? context.env["ZITADEL_PROFILE"];
  const profile = profileName ? readProfile(context, profileName, profilesPath) : undefined;
  return { profilesPath, profileName, profile };
}
