import { statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { CommandContext } from "../command-context.js";
import { UsageError } from "../errors/usage-error.js";
import { readTextFile } from "../files/read-text-file.js";
import { isFileContent, isPathLike } from "../secrets/detect-secrets.js";
import { displayPath, quoteValue } from "../secrets/display-path.js";
import { checkShape, type YamlShape } from "../yaml/check-shape.js";
import { parseYaml } from "../yaml/parse-yaml.js";
import { toLiteralData } from "../yaml/resolve-yaml.js";

/** A named connection from the profile file. Its paths are absolute. */
export interface Profile {
  readonly url?: string;
  readonly instanceHost?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly keyFile?: string;
  readonly clientId?: string;
  readonly clientSecretFile?: string;
  readonly org?: string;
  readonly protocol?: string;
  readonly proxy?: string;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyPemFile?: string;
  /** The environment variables that plain fields of provider files may read. */
  readonly allowEnv?: readonly string[];
}

type Profiles = Readonly<Record<string, Profile>>;

/** The fields of a profile. A `path` may be relative to the folder of the profile file. */
const profileFields: Readonly<Record<keyof Profile, "text" | "path" | "list">> = {
  url: "text",
  token: "text",
  tokenFile: "path",
  keyFile: "path",
  clientId: "text",
  clientSecretFile: "path",
  instanceHost: "text",
  org: "text",
  protocol: "text",
  proxy: "text",
  caFile: "path",
  certFile: "path",
  keyPemFile: "path",
  allowEnv: "list",
};

const profilesShape: YamlShape = {
  members: {
    profiles: {
      each: {
        members: Object.fromEntries(
          Object.entries(profileFields).map(([field, content]) => [
            field,
            content === "list" ? { list: "text" } : "text",
          ]),
        ),
        required: ["url"],
      },
    },
  },
  required: ["profiles"],
};

/** Returns the default path of the profile file. */
export function findDefaultProfilesPath({ env, platform }: CommandContext): string {
  const home = env["HOME"] ?? homedir();
  const appData = platform === "win32" ? env["APPDATA"] : undefined;
  const configFolder = env["XDG_CONFIG_HOME"] || appData || join(home, ".config");
  return join(configFolder, "zitadel-idp", "profiles.yaml");
}

/** Reads a profile. Throws a UsageError if the file has no such profile, or if it contains a token and other users can read it. */
export function readProfile(context: CommandContext, name: string, file: string): Profile {
  const profiles = readProfiles(context, file);
  checkTokensArePrivate(context, profiles, file);
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile === undefined) {
    const known = Object.keys(profiles).join(", ") || "none";
    const shownName = isPathLike(name) ? name : quoteValue(name);
    throw new UsageError(
      `${displayPath(file)} has no profile ${shownName}; its profiles: ${known}`,
    );
  }
  return resolvePaths(profile, dirname(file));
}

function readProfiles(context: CommandContext, file: string): Profiles {
  const isDefault = file === findDefaultProfilesPath(context);
  const text = readTextFile(file, {
    content: "the profiles",
    source: isDefault ? undefined : "--profiles",
  });
  const yaml = parseYaml(file, text);
  checkShape(yaml, profilesShape, "the profiles");
  return (toLiteralData(yaml) as { readonly profiles: Profiles }).profiles;
}

function checkTokensArePrivate(
  { platform }: CommandContext,
  profiles: Profiles,
  file: string,
): void {
  const holdsToken = Object.values(profiles).some(({ token }) => token !== undefined);
  if (holdsToken && platform !== "win32" && (statSync(file).mode & 0o077) !== 0) {
    throw new UsageError(
      `${file} contains a token, and other users of this machine can read it: run chmod 600 ${file}`,
    );
  }
}

function resolvePaths(profile: Profile, folder: string): Profile {
  const entries = Object.entries(profile).map(([field, value]: [string, unknown]) => {
    const isPath = profileFields[field as keyof Profile] === "path";
    return [field, isPath && typeof value === "string" ? toAbsolutePath(value, folder) : value];
  });
  return Object.fromEntries(entries) as Profile;
}

/** Resolves a path. Returns content that was given instead of a path unchanged, so that a later error can name this mistake. */
function toAbsolutePath(path: string, folder: string): string {
  return isFileContent(path) ? path : resolve(folder, path);
}
