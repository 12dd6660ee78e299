import { type Command, Option } from "commander";
import { collectValues } from "./field-options.js";

/** The options of a command whose provider file may read environment variables in plain fields. */
export interface AllowEnvOptions {
  readonly allowEnv: readonly string[];
}

/** The prefix of the variables that every plain field may read. */
const prefix = "ZITADEL_IDP_VAR_";

export function addAllowEnvOption(command: Command): Command {
  return command.addOption(
    new Option(
      "--allow-env <variable>",
      `let fields that are not secret read this environment variable; plans and errors then show its value; repeat for several; names that begin with ${prefix} need no flag`,
    )
      .default([], "none")
      .argParser(collectValues),
  );
}

/** Returns true if a plain field of a provider file may read the variable. Secret fields may read every variable. */
export function isAllowedVariable(name: string, allowed: readonly string[]): boolean {
  return name.startsWith(prefix) || allowed.includes(name);
}
