import type { Command } from "commander";
import { confirm } from "../confirm.js";
import type { Context } from "../context.js";
import { UsageError } from "../failure.js";
import { operatorCommand } from "../operator-command.js";
import { addOutputOptions, createOutput, type OutputOptions } from "../output.js";
import { statePath } from "../plan-options.js";
import { plainPath } from "../secret-looking.js";
import { findLock, hasEnded, holderText, isOfThisMachine, removeLock } from "../state-lock.js";

interface Options extends OutputOptions {
  readonly state?: string;
  readonly force?: boolean;
  readonly yes?: boolean;
}

/** Creates `zitadel-idp unlock`, which removes the lock of a state file. */
export function unlockCommand(context: Context): Command {
  const command = operatorCommand(
    "unlock",
    "Remove the lock that an apply left beside its state file, after showing the holder and asking. Needed for locks of other machines and containers, and from before a restart of this one: apply itself takes over the lock of a process that has ended.",
    ["unlock providers.yaml", "unlock --state production.state.json --yes"],
  )
    .argument("[file]", "the file that is applied; its state is FILE.state.json")
    .option("--state <file>", "the state file")
    .option("--force", "also if the holder is still at work on this machine")
    .option("-y, --yes", "do not ask");
  return addOutputOptions(command).action(async (file: string | undefined, options: Options) => {
    const output = createOutput(context, options);
    const state = statePath(file ?? "-", options);
    if (state === undefined) {
      throw new UsageError("give the file that is applied, or its state file with --state");
    }
    const name = plainPath(state);
    const lock = await findLock(state);
    if (lock === undefined) {
      output.result({ unlocked: false }, () => `${name} is not locked.`);
      return;
    }
    const { holder } = lock;
    const isAtWork =
      holder !== undefined && (await isOfThisMachine(holder)) && !(await hasEnded(holder));
    if (isAtWork && !options.force) {
      throw new UsageError(
        `the state ${name} is locked by ${holderText(holder)}, which is still at work. End that process first; --force removes its lock all the same`,
      );
    }
    const question = [
      `${name} is locked by ${holderText(holder)}.`,
      isAtWork
        ? "That process is still at work: two runs at once may add each provider twice."
        : "If that run is still at work, two runs at once may add each provider twice.",
      "Remove the lock?",
    ];
    await confirm(context, question.join("\n"), options.yes);
    if (!(await removeLock(lock))) {
      throw new Error("the lock has changed meanwhile and was not removed: run unlock again");
    }
    output.result({ unlocked: true, ...(holder && { holder }) }, () => `Unlocked ${name}.`);
  });
}
