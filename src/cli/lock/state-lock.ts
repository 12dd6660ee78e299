import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { quoteShellWord } from "../../utils/quote-shell-word.js";
import { isPathLike } from "../secrets/detect-secrets.js";
import { displayPath } from "../secrets/display-path.js";
import {
  createLockContent,
  createLockFile,
  hashLock,
  readLockFile,
  type StateLock,
} from "./lock-file.js";
import { describeLockHolder, hasEnded, type LockHolder } from "./lock-holder.js";
import { LockedError } from "./locked-error.js";
import { replaceLock } from "./replace-lock.js";
import { toLockFileError } from "./to-lock-file-error.js";

/** The rules for waiting for a lock that another process holds. */
interface LockOptions {
  /** The time to wait for a lock that another process holds, in milliseconds. 0 fails at once. */
  readonly timeoutMs: number;
  /** The signal that ends the wait. */
  readonly signal: AbortSignal;
  /** Called each time the lock is still held. */
  onWait(holder: LockHolder | undefined, remainingMs: number): void;
  /** Called after this process has taken over the lock of an ended process. */
  onTakeOver(holder: LockHolder): void;
}

/** A function that releases a lock. */
type ReleaseLock = () => Promise<void>;

const pollMs = 50;
/**
 * The time in which a process replaces or removes a lock. A run without a timeout also waits this long while another run takes over the
 * lock of an ended process, so that its error can name the new holder.
 */
const takeOverMs = 1000;

/**
 * Takes the lock of a state file and returns a function that releases it. Throws a LockedError if another process holds the lock.
 * Takes over the lock of an ended process of this machine, but never the lock of another machine.
 */
export async function acquireStateLock(
  stateFile: string,
  options: LockOptions,
): Promise<ReleaseLock> {
  try {
    return await waitForLock(stateFile, options);
  } catch (error) {
    throw toLockFileError(
      error,
      `cannot lock the state file ${displayPath(stateFile)}`,
      ". Choose another place with --state, or use --no-state",
    );
  }
}

/** Returns the lock of a state file, or undefined if there is none. */
export async function findStateLock(stateFile: string): Promise<StateLock | undefined> {
  try {
    return await readLockFile(await findLockPath(stateFile));
  } catch (error) {
    throw toLockFileError(
      error,
      `cannot read the lock of the state file ${displayPath(stateFile)}`,
    );
  }
}

/** Removes a lock of another process. Returns false if that lock is gone or another one has replaced it. */
export async function removeStateLock({ path, hash }: StateLock): Promise<boolean> {
  try {
    return await replaceLock(path, hash);
  } catch (error) {
    throw toLockFileError(error, `cannot remove the lock ${displayPath(path)}`);
  }
}

async function waitForLock(stateFile: string, options: LockOptions): Promise<ReleaseLock> {
  const { timeoutMs, signal } = options;
  const path = await findLockPath(stateFile);
  const start = performance.now();
  for (;;) {
    signal.throwIfAborted();
    const lock = await readLockFile(path);
    const content = await createLockContent();
    if (lock === undefined) {
      if (await createLockFile(path, content)) {
        return createRelease(path, content);
      }
      continue;
    }
    const { holder } = lock;
    const isLeftBehind = holder !== undefined && (await hasEnded(holder));
    if (isLeftBehind && (await replaceLock(path, lock.hash, content))) {
      options.onTakeOver(holder);
      return createRelease(path, content);
    }
    const waitMs = isLeftBehind ? Math.max(timeoutMs, takeOverMs) : timeoutMs;
    const remainingMs = start + waitMs - performance.now();
    if (remainingMs <= 0) {
      throw new LockedError(holder, composeLockedMessage(stateFile, holder));
    }
    if (!isLeftBehind) {
      options.onWait(holder, remainingMs);
    }
    // After an abort, ignore the rejection: the next round throws the reason of the signal.
    await pause(Math.min(pollMs, remainingMs), undefined, { signal }).catch(() => undefined);
  }
}

/** Creates the function that removes a lock of this process, unless another process has removed it already. */
function createRelease(path: string, content: string): ReleaseLock {
  const hash = hashLock(content);
  return async () => {
    const end = performance.now() + takeOverMs;
    while ((await readLockFile(path))?.hash === hash && !(await replaceLock(path, hash))) {
      if (performance.now() > end) {
        throw new Error("another process is removing the lock");
      }
      await pause(pollMs);
    }
  };
}

/** Returns the path of the lock file, next to the real state file. All links to the state file therefore share one lock. */
async function findLockPath(stateFile: string): Promise<string> {
  const real = await realpath(stateFile).catch(async () =>
    join(await realpath(dirname(stateFile)), basename(stateFile)),
  );
  return `${real}.lock`;
}

function composeLockedMessage(stateFile: string, holder: LockHolder | undefined): string {
  const file = isPathLike(stateFile) ? quoteShellWord(stateFile) : "FILE";
  return `the state file ${displayPath(stateFile)} is locked by ${describeLockHolder(holder)}. Wait for that run with --lock-timeout SECONDS. If it has ended, remove its lock: zitadel-idp unlock --state ${file}`;
}
