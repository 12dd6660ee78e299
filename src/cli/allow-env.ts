import type { Command } from "commander";
import { collect } from "./settings.js";

/** The option that lets plain fields of a provider file read variables of the environment. */
export interface AllowEnvOptions {
  readonly allowEnv: readonly string[];
}

/** Variables whose names say that they are for provider files. */
const prefix = "ZITADEL_IDP_VAR_";

export function addAllowEnvOption(command: Command): Command {
  return command.option(
    "--allow-env <variable>",
    `let plain fields of the file read this variable, which plans and errors then show; again for several; always allowed: ${prefix}…`,
    collect,
    [],
  );
}

/** Checks if a plain field of a provider file may read a variable. Secret fields may read each of them. */
export function isAllowedVariable(name: string, allowed: readonly string[]): boolean {
  return name.startsWith(prefix) || allowed.includes(name);
}
