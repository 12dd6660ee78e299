import { Command } from "commander";
import { createProviders, type Providers } from "../providers/index.js";
import { findConnection, withClient } from "./connection/find-connection.js";
import {
  addConnectionOptions,
  addOwnerOption,
  type ConnectionOptions,
} from "./connection/connection-flags.js";
import type { Context } from "./command-context.js";
import { addOutputOptions, createOutput, type Output, type OutputOptions } from "./output.js";

/** The options that all commands with a connection to ZITADEL share. */
export interface OperatorOptions extends ConnectionOptions, OutputOptions {
  readonly instance?: boolean;
}

/** The objects that a command on the providers of one owner works with. */
export interface Session {
  readonly providers: Providers;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** Creates a command with examples in its help. Each example is a command line without the name of the program. */
export function operatorCommand(name: string, what: string, examples: readonly string[]): Command {
  return new Command(name).description(what).addHelpText("after", examplesText(examples));
}

/** Adds the options that commands share. Called last, so that they come last in the help. */
export function withSharedOptions(command: Command, { owner }: { owner: boolean }): Command {
  return addOutputOptions(addConnectionOptions(owner ? addOwnerOption(command) : command));
}

/** Formats the examples section of a command's help. */
export function examplesText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((each) => `  $ zitadel-idp ${each}`).join("\n")}`;
}

/** Connects to ZITADEL and runs `work` with the providers of the owner that the options name. */
export async function withProviders(
  context: Context,
  options: OperatorOptions,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const output = createOutput(context, options);
  await withClient(findConnection(context, options), async (client) => {
    const owner = options.instance ? "instance" : "org";
    const providers = createProviders(client, { owner });
    await work({ providers, output, signal: context.signal });
  });
}
