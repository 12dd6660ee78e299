import { Command } from "commander";

/** Creates a command with examples in its help. Each example is a command line without the name of the program. */
export function createCommand(
  name: string,
  description: string,
  examples: readonly string[],
): Command {
  return new Command(name).description(description).addHelpText("after", formatExamples(examples));
}

/** Formats the examples section of a command's help. */
export function formatExamples(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((each) => `  $ zitadel-idp ${each}`).join("\n")}`;
}
