import type { Command } from "commander";
import { addConnectionFlags, type ConnectionFlags } from "./connection/connection-flags.js";
import { addOutputOptions, type OutputOptions } from "./output.js";

/** The options that all commands with a connection to ZITADEL share. */
export interface SharedOptions extends ConnectionFlags, OutputOptions {
  /** True to work on the providers of the instance. */
  readonly instance?: boolean;
}

/**
 * Adds the options that commands share. Call this function last, so that these options come last in the help. `hasOwner` adds
 * `--instance`, for commands that work on the providers of one owner.
 */
export function addSharedOptions(
  command: Command,
  { hasOwner }: { readonly hasOwner: boolean },
): Command {
  if (hasOwner) {
    command.option("--instance", "work on the instance's providers, not an organization's");
  }
  return addOutputOptions(addConnectionFlags(command));
}
