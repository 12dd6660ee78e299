import { createHash, randomUUID } from "node:crypto";
import { link, lstat, readFile, readlink, realpath, rename, rm, writeFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isPlainObject } from "../utils/is-plain-object.js";
import { isPathLike, plainPath } from "./secret-looking.js";
import { shellWord } from "./shell-word.js";

/** The process that holds a lock. The lock file contains this object as JSON. */
export interface LockHolder {
  /** The name of the user. */
  readonly owner: string;
  readonly host: string;
  readonly pid: number;
  /** The time at which the process took the lock, in ISO 8601. */
  readonly since: string;
  /**
   * The start time of the process in ticks since boot (Linux). It distinguishes the process from a later one with the same id.
   */
  readonly started?: string;
  /** The boot and the PID namespace in which `pid` is valid (Linux). Containers may share a host name. */
  readonly space?: string;
}

/** A lock that was read from its file. */
export interface Lock {
  readonly path: string;
  /** The hash of the content. The content of each lock is unique, so the hash identifies one lock. */
  readonly hash: string;
  /** The holder. Undefined if the file is not a complete lock. */
  readonly holder: LockHolder | undefined;
}

/** The error of a run that could not take the lock. */
export class LockedError extends Error {
  readonly holder: LockHolder | undefined;

  constructor(holder: LockHolder | undefined, message: string) {
    super(message);
    this.name = "LockedError";
    this.holder = holder;
  }
}

export interface LockOptions {
  /** The time to wait for a lock that another process holds, in milliseconds. 0 fails at once. */
  readonly timeoutMs: number;
  /** The signal that ends the wait. */
  readonly signal: AbortSignal;
  /** Called each time the lock is found to be held. */
  onWait(holder: LockHolder | undefined, remainingMs: number): void;
  /** Called after the lock of an ended process was taken over. */
  onTakeOver(holder: LockHolder): void;
}

const pollMs = 50;
/**
 * The time that a process gets to replace or remove a lock. A run without a timeout also waits this long while another run takes
 * over the lock of an ended process, so that its error can name the new holder.
 */
const takeOverMs = 1000;

/**
 * Takes the lock of a state file and returns a function that releases it. Throws a LockedError if another process holds the lock.
 * Takes over the lock of an ended process of this machine, but never the lock of another machine.
 */
export async function lockState(state: string, options: LockOptions): Promise<() => Promise<void>> {
  try {
    return await take(state, options);
  } catch (error) {
    throw explained(
      error,
      `cannot lock the state file ${plainPath(state)}`,
      ". Choose another place with --state, or use --no-state",
    );
  }
}

async function take(
  state: string,
  { timeoutMs, signal, onWait, onTakeOver }: LockOptions,
): Promise<() => Promise<void>> {
  const path = await lockPath(state);
  const start = performance.now();
  for (;;) {
    signal.throwIfAborted();
    const lock = await readLock(path);
    const text = await newLock();
    const release = async (): Promise<void> => await releaseLock(path, hashOf(text));
    if (lock === undefined) {
      if (await createFile(path, text)) {
        return release;
      }
      continue;
    }
    const { holder } = lock;
    const isLeft = holder !== undefined && (await hasEnded(holder));
    if (isLeft && (await replace(path, lock.hash, text))) {
      onTakeOver(holder);
      return release;
    }
    const waitMs = isLeft ? Math.max(timeoutMs, takeOverMs) : timeoutMs;
    const remainingMs = start + waitMs - performance.now();
    if (remainingMs <= 0) {
      throw new LockedError(holder, lockedText(state, holder));
    }
    if (!isLeft) {
      onWait(holder, remainingMs);
    }
    // Ignore the rejection after an abort: the next round throws the reason of the signal.
    await pause(Math.min(pollMs, remainingMs), undefined, { signal }).catch(() => undefined);
  }
}

/** Removes a lock of this process, unless another process has removed it already. */
async function releaseLock(path: string, hash: string): Promise<void> {
  const end = performance.now() + takeOverMs;
  while ((await readLock(path))?.hash === hash && !(await replace(path, hash))) {
    if (performance.now() > end) {
      throw new Error("another process is removing the lock");
    }
    await pause(pollMs);
  }
}

/** Returns the lock of a state file, or undefined if there is none. */
export async function findLock(state: string): Promise<Lock | undefined> {
  try {
    return await readLock(await lockPath(state));
  } catch (error) {
    throw explained(error, `cannot read the lock of the state file ${plainPath(state)}`);
  }
}

/** Removes a lock of another process. Returns false if that lock is gone or another one has replaced it. */
export async function removeLock({ path, hash }: Lock): Promise<boolean> {
  try {
    return await replace(path, hash);
  } catch (error) {
    throw explained(error, `cannot remove the lock ${plainPath(path)}`);
  }
}

/** Describes the holder of a lock: user, host, process and time. */
export function holderText(holder: LockHolder | undefined): string {
  return holder === undefined
    ? "an unknown process (the lock file is empty or damaged)"
    : `${holder.owner} on ${holder.host}, process ${holder.pid}, since ${holder.since}`;
}

/**
 * Converts an error of the file system. Leaves out Node's own text, which repeats the path. Returns any other error unchanged.
 */
function explained(error: unknown, what: string, wayOut = ""): unknown {
  const code = codeOf(error);
  return code === undefined ? error : new Error(`${what}: ${reasons[code] ?? code}${wayOut}`);
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "its folder is not writable",
  EPERM: "its folder is not writable",
  EROFS: "its folder is read-only",
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder does not exist",
  EISDIR: "it is a folder",
  ERR_FS_EISDIR: "it is a folder",
  ENAMETOOLONG: "the path is too long",
  ENOSPC: "the disk is full",
};

function lockedText(state: string, holder: LockHolder | undefined): string {
  const file = isPathLike(state) ? shellWord(state) : "FILE";
  return `the state file ${plainPath(state)} is locked by ${holderText(holder)}. Wait for that run with --lock-timeout SECONDS. If it has ended, remove its lock: zitadel-idp unlock --state ${file}`;
}

/** Returns the path of the lock file. It is next to the real state file, so that all links to the state file share one lock. */
async function lockPath(state: string): Promise<string> {
  const real = await realpath(state).catch(async () =>
    join(await realpath(dirname(state)), basename(state)),
  );
  return `${real}.lock`;
}

/**
 * Replaces a lock, or removes it if there is no `text`. Returns false if another process was faster.
 *
 * A process must first create a claim file, named by the hash of the lock. Only one process can create that file, and only its
 * creator may change the lock. If the creator dies, the claim file itself is claimed in the same way: by the process that creates
 * a file named by the hash of the claim.
 */
async function replace(path: string, hash: string, text?: string): Promise<boolean> {
  const claim = await newLock();
  const claims: string[] = [];
  for (let next = hash; ;) {
    const file = `${path}.${next}`;
    claims.push(file);
    if (await createFile(file, claim)) {
      break;
    }
    const other = await readLock(file);
    if (other?.holder === undefined || !(await hasEnded(other.holder))) {
      return false;
    }
    next = other.hash;
  }
  try {
    if ((await readLock(path))?.hash !== hash) {
      return false;
    }
    if (text === undefined) {
      await rm(path);
    } else {
      await rename(await temporary(path, text), path);
    }
    return true;
  } finally {
    await Promise.all(claims.map((file) => rm(file, { force: true })));
  }
}

/** Creates a file with its complete content. Returns false if the file exists already. */
async function createFile(path: string, text: string): Promise<boolean> {
  const fresh = await temporary(path, text);
  try {
    await link(fresh, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") {
      return false;
    }
  } finally {
    await rm(fresh, { force: true });
  }
  // Some file systems have no hard links, so create the file directly there.
  try {
    await writeFile(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") {
      return false;
    }
    throw error;
  }
}

async function temporary(path: string, text: string): Promise<string> {
  const fresh = `${path}.${randomUUID()}.tmp`;
  await writeFile(fresh, text, { flag: "wx", mode: 0o644 });
  return fresh;
}

const largestLock = 10_000;

async function readLock(path: string): Promise<Lock | undefined> {
  try {
    const info = await lstat(path);
    const isReadable = info.isFile() && info.size <= largestLock;
    const text = isReadable ? await readFile(path, "utf8") : "";
    return { path, hash: hashOf(text), holder: parse(text) };
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

function parse(text: string): LockHolder | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
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

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Returns the content for a lock of this process. A random id makes each content unique. */
async function newLock(): Promise<string> {
  const { pid } = process;
  const [found, space] = await Promise.all([processOf(pid), pidSpace()]);
  const holder: LockHolder = {
    owner: userName(),
    host: hostname(),
    pid,
    since: new Date().toISOString(),
    ...(found && { started: found.started }),
    ...(space !== undefined && { space }),
  };
  return `${JSON.stringify({ version: 1, id: randomUUID(), ...holder })}\n`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a user id without a name.
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}

/** Returns true if the holder ran on this machine, in the same container, and since the last boot. */
export async function isOfThisMachine({ host, space }: LockHolder): Promise<boolean> {
  const here = await pidSpace();
  return host === hostname() && (space === undefined || here === undefined || space === here);
}

/** Returns true if the process has certainly ended. Always false for a process of another machine, which cannot be checked. */
export async function hasEnded(holder: LockHolder): Promise<boolean> {
  if (!(await isOfThisMachine(holder))) {
    return false;
  }
  const { pid, started } = holder;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM means that the process exists and belongs to another user.
    if (codeOf(error) === "ESRCH") {
      return true;
    }
  }
  const found = await processOf(pid);
  return (
    found !== undefined && (found.isZombie || (started !== undefined && found.started !== started))
  );
}

/** Reads the state and start time of a process from /proc (Linux). Undefined on other systems, and for hidden processes. */
async function processOf(pid: number): Promise<{ isZombie: boolean; started: string } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // Split after the last parenthesis: the process name before it may contain spaces and parentheses.
  const [state, ...fields] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const started = fields[18];
  return started === undefined ? undefined : { isZombie: state === "Z" || state === "X", started };
}

async function pidSpace(): Promise<string | undefined> {
  try {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    return `${boot.trim()} ${await readlink("/proc/self/ns/pid")}`;
  } catch {
    return undefined;
  }
}

/** Returns the code of an error of the file system, or undefined. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}
