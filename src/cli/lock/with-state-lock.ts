import { type Command, InvalidArgumentError } from "commander";
import type { CommandContext } from "../command-context.js";
import type { Output } from "../output.js";
import { describeLockHolder, acquireStateLock } from "./state-lock.js";

export interface LockTimeoutOptions {
  readonly lockTimeout: number;
}

export function addLockOptions(command: Command): Command {
  return command.option(
    "--lock-timeout <seconds>",
    "wait this long if another run holds the lock of the state file",
    parseSeconds,
    0,
  );
}

/** Runs `work` while this process holds the lock of the state file. Without a state file, runs it without a lock. */
export async function withStateLock<T>(
  { signal }: CommandContext,
  state: string | undefined,
  { lockTimeout }: LockTimeoutOptions,
  output: Output,
  work: () => Promise<T>,
): Promise<T> {
  if (state === undefined) {
    return await work();
  }
  let isTold = false;
  const release = await acquireStateLock(state, {
    timeoutMs: lockTimeout * 1000,
    signal,
    onWait(holder, remainingMs) {
      if (!isTold) {
        isTold = true;
        output.note(`waiting: the state file is locked by ${describeLockHolder(holder)}`);
      }
      output.progress(`waiting for the lock, ${Math.ceil(remainingMs / 1000)} s left`);
    },
    onTakeOver: (holder) =>
      output.note(
        `note: took over the lock of ${describeLockHolder(holder)}. That process ended without releasing it, so its run may be incomplete.`,
      ),
  });
  output.endProgress();
  try {
    return await work();
  } finally {
    await release().catch(() =>
      output.note(
        "note: the lock of the state file could not be removed. The next run on this machine takes it over.",
      ),
    );
  }
}

function parseSeconds(text: string): number {
  const seconds = text.trim() === "" ? Number.NaN : Number(text);
  if (!(seconds >= 0 && seconds <= 86_400)) {
    throw new InvalidArgumentError("must be a number of seconds from 0 to 86400");
  }
  return seconds;
}
