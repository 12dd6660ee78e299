import { CommanderError } from "commander";
import { escapeQuotedText } from "../utils/printable.js";
import type { CommandContext } from "./command-context.js";
import { UsageError } from "./errors/usage-error.js";
import { exitStatus, Interruption } from "./exit-status.js";
import { LockedError } from "./lock/locked-error.js";
import { endProgress } from "./output.js";
import { createProgram } from "./program.js";
import { formatFailure } from "./report/format-failure.js";
import { toFailureJson } from "./report/to-failure-json.js";
import { hideSecrets } from "./secrets/hide-secrets.js";

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
    if (error instanceof CommanderError && isHelpOrVersion(error)) {
      return error.exitCode;
    }
    const failure = error instanceof CommanderError ? toUsageError(error) : error;
    endProgress(context.stderr);
    context.stderr.write(hideSecrets(toErrorOutput(failure, args), args, context.env));
    return toExitStatus(failure, context);
  }
}

function toErrorOutput(failure: unknown, args: readonly string[]): string {
  // Parsing may have failed before it read these flags, so look for them in the arguments.
  const flags = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  return flags.includes("--json")
    ? `${escapeQuotedText(JSON.stringify({ error: toFailureJson(failure) }))}\n`
    : formatFailure(failure, flags.includes("--debug"));
}

function toExitStatus(failure: unknown, context: CommandContext): number {
  const { signal } = context;
  if (signal.aborted) {
    return signal.reason instanceof Interruption ? signal.reason.status : exitStatus.interrupted;
  }
  if (failure instanceof LockedError) {
    return exitStatus.locked;
  }
  return context.status === 0 ? exitStatus.failed : context.status;
}

function isHelpOrVersion({ code }: CommanderError): boolean {
  return code.startsWith("commander.help") || code === "commander.version";
}

/** Converts a commander error. Removes the value of an unknown option, which may be a secret. */
function toUsageError({ message }: CommanderError): UsageError {
  return new UsageError(
    message.replace(/^error: /, "").replace(/^(unknown option '[^=']+)=[^]*?'(?=\n|$)/, "$1'"),
  );
}
