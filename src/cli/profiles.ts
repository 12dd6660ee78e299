import { statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { checkShape, type Shape } from "./check-shape.js";
import type { Context } from "./context.js";
import { UsageError } from "./failure.js";
import { parseYaml, readText } from "./yaml-file.js";

/** A connection under a name. Paths are absolute. */
export interface Profile {
  readonly url?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly keyFile?: string;
  readonly clientId?: string;
  readonly clientSecretFile?: string;
  readonly org?: string;
  readonly protocol?: string;
}

const files = ["tokenFile", "keyFile", "clientSecretFile"] as const;

const shape: Shape = {
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
        } satisfies Record<keyof Profile, Shape>,
        required: ["url"],
      },
    },
  },
  required: ["profiles"],
};

/** Where the profiles are, unless an option says so. */
export function profilesFile({ env, platform }: Context): string {
  const home = env["HOME"] ?? homedir();
  const standard = platform === "win32" ? env["APPDATA"] : undefined;
  const configuration = env["XDG_CONFIG_HOME"] || standard || join(home, ".config");
  return join(configuration, "zitadel-idp", "profiles.yaml");
}

/** Reads a profile. A file that holds a token is refused if others can read it. */
export function readProfile(context: Context, name: string, file: string): Profile {
  const yaml = parseYaml(file, readText(file, "the profiles"));
  checkShape(yaml, shape, "the profiles");
  const { profiles } = yaml.document.toJS() as { profiles: Record<string, Profile> };
  const holdsSecret = Object.values(profiles).some(({ token }) => token !== undefined);
  if (holdsSecret && context.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) {
    throw new UsageError(
      `${file} holds a token, and others on this machine can read it: run chmod 600 ${file}`,
    );
  }
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile === undefined) {
    const known = Object.keys(profiles).join(", ") || "none";
    throw new UsageError(`${file} has no profile ${name}; it has ${known}`);
  }
  const paths = files.flatMap((each) =>
    profile[each] === undefined ? [] : [[each, resolve(dirname(file), profile[each])]],
  );
  return { ...profile, ...(Object.fromEntries(paths) as Profile) };
}
