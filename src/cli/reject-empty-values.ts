import type { Command } from "commander";
import { UsageError } from "./errors/usage-error.js";

/**
 * Throws a UsageError for empty arguments and option values. Most likely a shell variable is not set, and the empty text would select
 * something else than the user means.
 */
export function rejectEmptyValues(_program: Command, command: Command): void {
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
      `${empty.join(" and ")} must not be empty: check that your shell variable is set`,
    );
  }
}

function isEmpty(value: unknown): boolean {
  return typeof value === "string" && value.trim() === "";
}
