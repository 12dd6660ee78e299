import { statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { checkShape, type YamlShape } from "../yaml/check-shape.js";
import type { CommandContext } from "../command-context.js";
import { UsageError } from "../report/failure-json.js";
import { readTextFile } from "../files/read-text-file.js";
import { toLiteralData } from "../yaml/resolve-yaml.js";
import { isFileContent, isPathLike, displayPath, quoteValue } from "../secrets/detect-secrets.js";
import { parseYaml } from "../yaml/parse-yaml.js";

/** A named connection from the profile file. Its paths are absolute. */
export interface Profile {
  readonly url?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly keyFile?: string;
  readonly clientId?: string;
  readonly clientSecretFile?: string;
  readonly org?: string;
  readonly protocol?: string;
  /** The environment variables that plain fields of provider files may read. */
  readonly allowEnv?: readonly string[];
}

const files = ["tokenFile", "keyFile", "clientSecretFile"] as const;

const shape: YamlShape = {
  members: {
    profiles: {
      each: {
        members: {
          url: "text",
          token: "text",
          tokenFile: "text",
          keyFile: "text",
          clientId: "text",
          clientSecretFile: "text",
          org: "text",
          protocol: "text",
          allowEnv: { list: "text" },
        } satisfies Record<keyof Profile, YamlShape>,
        required: ["url"],
      },
    },
  },
  required: ["profiles"],
};

/** Returns the default path of the profile file. */
export function profilesFile({ env, platform }: CommandContext): string {
  const home = env["HOME"] ?? homedir();
  const standard = platform === "win32" ? env["APPDATA"] : undefined;
  const configuration = env["XDG_CONFIG_HOME"] || standard || join(home, ".config");
  return join(configuration, "zitadel-idp", "profiles.yaml");
}

/** Reads a profile. Throws a UsageError if the file has no such profile, or holds a token and other users can read it. */
export function readProfile(context: CommandContext, name: string, file: string): Profile {
  const isStandard = file === profilesFile(context);
  const yaml = parseYaml(
    file,
    readTextFile(file, { what: "the profiles", name: isStandard ? undefined : "--profiles" }),
  );
  checkShape(yaml, shape, "the profiles");
  const { profiles } = toLiteralData(yaml) as { profiles: Record<string, Profile> };
  const holdsSecret = Object.values(profiles).some(({ token }) => token !== undefined);
  if (holdsSecret && context.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) {
    throw new UsageError(
      `${file} holds a token, and other users of this machine can read it: run chmod 600 ${file}`,
    );
  }
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile === undefined) {
    const known = Object.keys(profiles).join(", ") || "none";
    const shown = isPathLike(name) ? name : quoteValue(name);
    throw new UsageError(`${displayPath(file)} has no profile ${shown}; its profiles: ${known}`);
  }
  const paths = files.flatMap((each) => {
    const path = profile[each];
    // Keep content that was given instead of a path, so that a later error can name that mistake.
    return path === undefined || isFileContent(path) ? [] : [[each, resolve(dirname(file), path)]];
  });
  return { ...profile, ...(Object.fromEntries(paths) as Profile) };
}
