import { type Command, Option } from "commander";
import { allowedVariablePrefix } from "../references/allowed-variables.js";
import { collectValues } from "./collect-values.js";

/** The options of a command whose provider file may read environment variables in plain fields. */
export interface AllowEnvOptions {
  readonly allowEnv: readonly string[];
}

/** Adds `--allow-env` to a command. */
export function addAllowEnvOption(command: Command): Command {
  return command.addOption(
    new Option(
      "--allow-env <variable>",
      `allow fields that are not secret to read this environment variable; plans and errors then show its value; repeat for several; names that begin with ${allowedVariablePrefix} need no flag`,
    )
      .default([], "none")
      .argParser(collectValues),
  );
}
