import { Command } from "commander";
import { createProviders, type Providers } from "../providers/index.js";
import { findConnection, withClient } from "./connection.js";
import {
  addConnectionOptions,
  addOwnerOption,
  type ConnectionOptions,
} from "./connection-options.js";
import type { Context } from "./context.js";
import { addOutputOptions, createOutput, type Output, type OutputOptions } from "./output.js";

/** The options of each command that talks to ZITADEL. */
export interface OperatorOptions extends ConnectionOptions, OutputOptions {
  readonly instance?: boolean;
}

/** What a command about one owner works with. */
export interface Session {
  readonly providers: Providers;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** A command that talks to ZITADEL. Its examples are what follows the name of the program. */
export function operatorCommand(name: string, what: string, examples: readonly string[]): Command {
  return new Command(name).description(what).addHelpText("after", examplesText(examples));
}

/** The options that it shares with others come last in its help. */
export function withSharedOptions(command: Command, { owner }: { owner: boolean }): Command {
  return addOutputOptions(addConnectionOptions(owner ? addOwnerOption(command) : command));
}

export function examplesText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((each) => `  $ zitadel-idp ${each}`).join("\n")}`;
}

/** Connects, and does the work of a command about one owner. */
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
