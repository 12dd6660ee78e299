import type { CommandContext } from "../command-context.js";
import type { Output } from "../output.js";
import { describeLockHolder } from "./lock-holder.js";
import { acquireStateLock } from "./state-lock.js";

/** The options of the wait for a lock. */
interface StateLockOptions {
  /** The time to wait for a lock that another process holds, in milliseconds. */
  readonly timeoutMs: number;
  readonly output: Output;
}

/** Runs `work` while this process holds the lock of the state file. Without a state file, runs it without a lock. */
export async function withStateLock<T>(
  { signal }: CommandContext,
  stateFile: string | undefined,
  { timeoutMs, output }: StateLockOptions,
  work: () => Promise<T>,
): Promise<T> {
  if (stateFile === undefined) {
    return await work();
  }
  let isWaiting = false;
  const release = await acquireStateLock(stateFile, {
    timeoutMs,
    signal,
    onWait(holder, remainingMs) {
      if (!isWaiting) {
        isWaiting = true;
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
