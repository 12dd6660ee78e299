import type { CommandContext } from "../command-context.js";
import { UsageError } from "../errors/usage-error.js";
import type { ConnectionFlags } from "./connection-flags.js";
import { findDefaultProfilesPath, type Profile, readProfile } from "./read-profile.js";

/** The flags that select a profile. */
export type ProfileFlags = Pick<ConnectionFlags, "profile" | "profiles">;

/** The profile that a flag or the environment names, and the file with the profiles. */
interface FoundProfile {
  /** The path of the file with the profiles. */
  readonly profilesPath: string;
  /** The name. Undefined if it is not given, and empty if `ZITADEL_PROFILE` is empty. */
  readonly profileName: string | undefined;
  readonly profile: Profile | undefined;
}

/** Reads the profile that `--profile` or `ZITADEL_PROFILE` names, if any. Throws a UsageError if there is no such profile. */
export function findProfile(context: CommandContext, flags: ProfileFlags): FoundProfile {
  if (flags.profile?.trim() === "") {
    throw new UsageError("--profile is empty: pass the name of a profile, or leave it out");
  }
  const profilesPath = flags.profiles ?? findDefaultProfilesPath(context);
  const profileName = flags.profile ?? context.env["ZITADEL_PROFILE"];
  const profile = profileName ? readProfile(context, profileName, profilesPath) : undefined;
  return { profilesPath, profileName, profile };
}
