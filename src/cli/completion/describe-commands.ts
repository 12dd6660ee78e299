import type { Command } from "commander";

/** A command with the words that a shell can complete. */
export interface CompletableCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletableOption[];
  /** The possible values of the first argument. Empty if any value is possible. */
  readonly choices: readonly string[];
}

/** An option with the words that a shell can complete. */
export interface CompletableOption {
  readonly long: string;
  readonly short: string | undefined;
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/** Returns the commands of a program with their options, as the completion scripts need them. */
export function describeCommands(program: Command): CompletableCommand[] {
  return program.commands.map((command) => ({
    name: command.name(),
    description: pickFirstSentence(command.description()),
    options: command
      .createHelp()
      .visibleOptions(command)
      .map((option) => ({
        long: option.long ?? "",
        short: option.short,
        description: option.description,
        takesValue: option.required || option.optional,
        choices: option.argChoices ?? [],
      })),
    choices: command.registeredArguments[0]?.argChoices ?? [],
  }));
}

function pickFirstSentence(text: string): string {
  return /^.*?\.(?= |$)/.exec(text)?.[0] ?? text;
}
