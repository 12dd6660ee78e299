import { rm } from "node:fs/promises";
import { createLockContent, createLockFile, overwriteLockFile, readLockFile } from "./lock-file.js";
import { hasEnded } from "./lock-holder.js";

/**
 * Replaces the lock with this hash, or removes it if `content` is left out. Returns false if another process was faster.
 *
 * A process must first create a claim file, whose name contains the hash of the lock. Only one process can create this file, and only
 * that process may change the lock. If it dies, another process claims the claim file in the same way: it creates a file whose name
 * contains the hash of the claim.
 */
export async function replaceLock(path: string, hash: string, content?: string): Promise<boolean> {
  const claimFiles = await claimLock(path, hash);
  if (claimFiles === undefined) {
    return false;
  }
  try {
    if ((await readLockFile(path))?.hash !== hash) {
      return false;
    }
    if (content === undefined) {
      await rm(path);
    } else {
      await overwriteLockFile(path, content);
    }
    return true;
  } finally {
    await Promise.all(claimFiles.map((file) => rm(file, { force: true })));
  }
}

/** Creates the claim file for a lock. Returns all claim files to remove, or undefined if another process may hold the claim. */
async function claimLock(path: string, hash: string): Promise<string[] | undefined> {
  const content = await createLockContent();
  const files: string[] = [];
  for (let claimedHash = hash; ;) {
    const file = `${path}.${claimedHash}`;
    files.push(file);
    if (await createLockFile(file, content)) {
      return files;
    }
    const claim = await readLockFile(file);
    if (claim?.holder === undefined || !(await hasEnded(claim.holder))) {
      return undefined;
    }
    claimedHash = claim.hash;
  }
}
