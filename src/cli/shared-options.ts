import { Command } from "commander";
import { createProviders, type Providers } from "../providers/index.js";
import { findConnection, withClient } from "./connection/find-connection.js";
import {
  addConnectionFlags,
  addOwnerOption,
  type ConnectionFlags,
} from "./connection/connection-flags.js";
import type { CommandContext } from "./command-context.js";
import { addOutputOptions, createOutput, type Output, type OutputOptions } from "./output.js";

/** The options that all commands with a connection to ZITADEL share. */
export interface SharedOptions extends ConnectionFlags, OutputOptions {
  readonly instance?: boolean;
}

/** The objects that a command on the providers of one owner works with. */
export interface ProviderSession {
  readonly providers: Providers;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** Creates a command with examples in its help. Each example is a command line without the name of the program. */
export function createCommand(name: string, what: string, examples: readonly string[]): Command {
  return new Command(name).description(what).addHelpText("after", formatExamples(examples));
}

/** Adds the options that commands share. Called last, so that they come last in the help. */
export function addSharedOptions(command: Command, { owner }: { owner: boolean }): Command {
  return addOutputOptions(addConnectionFlags(owner ? addOwnerOption(command) : command));
}

/** Formats the examples section of a command's help. */
export function formatExamples(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((each) => `  $ zitadel-idp ${each}`).join("\n")}`;
}

/** Connects to ZITADEL and runs `work` with the providers of the owner that the options name. */
export async function withProviders(
  context: CommandContext,
  options: SharedOptions,
  work: (session: ProviderSession) => Promise<void>,
): Promise<void> {
  const output = createOutput(context, options);
  await withClient(findConnection(context, options), async (client) => {
    const owner = options.instance ? "instance" : "org";
    const providers = createProviders(client, { owner });
    await work({ providers, output, signal: context.signal });
  });
}
