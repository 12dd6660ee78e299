import type { Command } from "commander";
import type { CommandContext } from "../command-context.js";
import { confirm } from "../confirm.js";
import { createCommand } from "../create-command.js";
import { UsageError } from "../errors/usage-error.js";
import {
  describeLockHolder,
  hasEnded,
  isFromThisMachine,
  type LockHolder,
} from "../lock/lock-holder.js";
import { findStateLock, removeStateLock } from "../lock/state-lock.js";
import { resolveStatePath } from "../options/plan-file-options.js";
import { addOutputOptions, createOutput, type OutputOptions } from "../output.js";
import { displayPath } from "../secrets/display-path.js";

interface UnlockCommandOptions extends OutputOptions {
  readonly state?: string;
  readonly force?: boolean;
  readonly yes?: boolean;
}

/** Creates `zitadel-idp unlock`, which removes the lock of a state file. */
export function createUnlockCommand(context: CommandContext): Command {
  const command = createCommand(
    "unlock",
    "Remove the lock that an interrupted apply left next to its state file. Shows the holder and asks first. Only needed for locks from other machines or containers, or from before a reboot: apply takes over the lock of an ended process of this machine.",
    ["unlock providers.yaml", "unlock --state production.state.json --yes"],
  )
    .argument("[file]", "provider file; its state file is FILE.state.json")
    .option("--state <file>", "state file, if it is not FILE.state.json")
    .option("--force", "remove the lock even if its holder is still running on this machine")
    .option("-y, --yes", "unlock without asking");
  return addOutputOptions(command).action(
    async (file: string | undefined, options: UnlockCommandOptions) => {
      const output = createOutput(context, options);
      const statePath = resolveStatePath(file ?? "-", options);
      if (statePath === undefined) {
        throw new UsageError(
          "the file is missing: pass the provider file, or its state file with --state",
        );
      }
      const name = displayPath(statePath);
      const lock = await findStateLock(statePath);
      if (lock === undefined) {
        output.result({ unlocked: false }, () => `${name} is not locked.`);
        return;
      }
      const { holder } = lock;
      const isRunning =
        holder !== undefined && (await isFromThisMachine(holder)) && !(await hasEnded(holder));
      if (isRunning && !options.force) {
        throw new UsageError(
          `the state file ${name} is locked by ${describeLockHolder(holder)}, which is still running. End that process first, or pass --force to remove its lock anyway`,
        );
      }
      await confirm(context, formatUnlockQuestion(name, holder, isRunning), options.yes);
      if (!(await removeStateLock(lock))) {
        throw new Error("the lock changed in the meantime and was not removed: run unlock again");
      }
      output.result({ unlocked: true, ...(holder && { holder }) }, () => `Unlocked ${name}.`);
    },
  );
}

function formatUnlockQuestion(
  name: string,
  holder: LockHolder | undefined,
  isRunning: boolean,
): string {
  return [
    `${name} is locked by ${describeLockHolder(holder)}.`,
    isRunning
      ? "That process is still running. Two runs at the same time may add each provider twice."
      : "If that run is still active, two runs at the same time may add each provider twice.",
    "Remove the lock?",
  ].join("\n");
}
