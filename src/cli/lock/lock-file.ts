import { createHash, randomUUID } from "node:crypto";
import { link, lstat, readFile, rename, rm, writeFile } from "node:fs/promises";
import { isPlainObject } from "../../utils/is-plain-object.js";
import { errorCodeOf } from "../../utils/error-codes.js";
import { createLockHolder, type LockHolder } from "./lock-holder.js";

/** A lock that was read from its file. */
export interface StateLock {
  readonly path: string;
  /** The hash of the content, which identifies the lock because each content is unique. */
  readonly hash: string;
  /** The holder. Undefined if the file is not a complete lock. */
  readonly holder: LockHolder | undefined;
}

const maxLockBytes = 10_000;

/** Reads a lock. Returns undefined if there is no file at the path. */
export async function readLockFile(path: string): Promise<StateLock | undefined> {
  try {
    const info = await lstat(path);
    const isReadable = info.isFile() && info.size <= maxLockBytes;
    const content = isReadable ? await readFile(path, "utf8") : "";
    return { path, hash: hashLock(content), holder: parseLockHolder(content) };
  } catch (error) {
    if (errorCodeOf(error) === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

/** Returns the content for a lock of this process. A random id makes each content unique. */
export async function createLockContent(): Promise<string> {
  const holder = await createLockHolder();
  return `${JSON.stringify({ version: 1, id: randomUUID(), ...holder })}\n`;
}

/** Returns the hash that identifies a lock by its content. */
export function hashLock(content: string): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}

/** Creates a lock file with its complete content. Returns false if the file exists already. */
export async function createLockFile(path: string, content: string): Promise<boolean> {
  const temporary = await writeTemporaryFile(path, content);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (errorCodeOf(error) === "EEXIST") {
      return false;
    }
  } finally {
    await rm(temporary, { force: true });
  }
  // Create the file directly on file systems without hard links.
  try {
    await writeFile(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (errorCodeOf(error) === "EEXIST") {
      return false;
    }
    throw error;
  }
}

/** Replaces a lock file in one step, so that no process reads a part of its content. */
export async function overwriteLockFile(path: string, content: string): Promise<void> {
  await rename(await writeTemporaryFile(path, content), path);
}

async function writeTemporaryFile(path: string, content: string): Promise<string> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  await writeFile(temporary, content, { flag: "wx", mode: 0o644 });
  return temporary;
}

/** Parses the content of a lock file. Returns undefined if the content is damaged. */
function parseLockHolder(content: string): LockHolder | undefined {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    return undefined;
  }
  if (!isPlainObject(json)) {
    return undefined;
  }
  const { owner, host, pid, since, started, space } = json;
  const isComplete =
    typeof owner === "string" &&
    typeof host === "string" &&
    typeof pid === "number" &&
    pid > 0 &&
    // `process.kill` takes no larger number.
    pid === (pid | 0) &&
    typeof since === "string";
  return isComplete
    ? {
        owner,
        host,
        pid,
        since,
        ...(typeof started === "string" && { started }),
        ...(typeof space === "string" && { space }),
      }
    : undefined;
}
