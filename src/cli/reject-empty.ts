import type { Command } from "commander";
import { UsageError } from "./failure.js";

/**
 * Rejects arguments and values of options that are empty: most likely a variable of the shell is not set, and an empty text would
 * select something else than what was meant.
 */
export function rejectEmpty(_program: Command, command: Command): void {
  const empty = [
    ...command.registeredArguments.flatMap((argument, index) =>
      isEmpty(command.args[index]) ? [`the argument <${argument.name()}>`] : [],
    ),
    ...command.options.flatMap((option) => {
      const name = option.attributeName();
      const value: unknown = command.getOptionValue(name);
      const isGiven = command.getOptionValueSource(name) === "cli";
      return isGiven && [value].flat().some(isEmpty) ? [option.long ?? option.flags] : [];
    }),
  ];
  if (empty.length > 0) {
    throw new UsageError(
      `${empty.join(" and ")} must not be empty: is a variable of the shell not set?`,
    );
  }
}

function isEmpty(value: unknown): boolean {
  return typeof value === "string" && value.trim() === "";
}
