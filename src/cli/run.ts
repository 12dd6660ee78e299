import { CommanderError } from "commander";
import { type CommandContext, Interruption, status } from "./command-context.js";
import { toFailureJson, formatFailure, UsageError } from "./report/failure-json.js";
import { hideSecrets } from "./secrets/hide-secrets.js";
import { endProgress } from "./output.js";
import { escapedQuotes } from "../utils/printable.js";
import { createProgram } from "./program.js";
import { LockedError } from "./lock/state-lock.js";

/** Runs a command line and returns the exit status. */
export async function run(
  args: readonly string[],
  context: CommandContext,
  version: string,
): Promise<number> {
  try {
    await createProgram(context, version).parseAsync(args, { from: "user" });
    return context.status;
  } catch (error) {
    if (error instanceof CommanderError && isHelp(error)) {
      return error.exitCode;
    }
    // Parsing may have failed before these flags were read, so look for them in the arguments.
    const flags = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
    const failure = error instanceof CommanderError ? usageError(error) : error;
    endProgress(context.stderr);
    const text = flags.includes("--json")
      ? `${escapedQuotes(JSON.stringify({ error: toFailureJson(failure) }))}\n`
      : formatFailure(failure, flags.includes("--debug"));
    context.stderr.write(hideSecrets(text, args, context.env));
    return failureStatus(failure, context);
  }
}

function failureStatus(failure: unknown, { signal }: CommandContext): number {
  if (signal.aborted) {
    return signal.reason instanceof Interruption ? signal.reason.status : status.interrupted;
  }
  return failure instanceof LockedError ? status.locked : status.failed;
}

function isHelp({ code }: CommanderError): boolean {
  return code.startsWith("commander.help") || code === "commander.version";
}

/** Converts a commander error. Cuts off the value of an unknown option, because it may be a secret. */
function usageError({ message }: CommanderError): UsageError {
  return new UsageError(
    message.replace(/^error: /, "").replace(/^(unknown option '[^=']+)=[^]*?'(?=\n|$)/, "$1'"),
  );
}
