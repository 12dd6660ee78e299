import { hostname, userInfo } from "node:os";
import { errorCodeOf } from "../../utils/error-codes.js";
import { readPidSpace, readProcessInfo } from "./process-info.js";

/** The process that holds a lock. The lock file contains this object as JSON. */
export interface LockHolder {
  /** The name of the user. */
  readonly owner: string;
  readonly host: string;
  readonly pid: number;
  /** The time at which the process took the lock, in ISO 8601. */
  readonly since: string;
  /**
   * The start time of the process in ticks since boot (Linux). It tells the process apart from a later one with the same id.
   */
  readonly started?: string;
  /** The boot and the PID namespace in which `pid` is valid (Linux). Containers may share a host name. */
  readonly space?: string;
}

/** Creates the description of this process for a lock that it takes now. */
export async function createLockHolder(): Promise<LockHolder> {
  const { pid } = process;
  const [info, space] = await Promise.all([readProcessInfo(pid), readPidSpace()]);
  return {
    owner: readUserName(),
    host: hostname(),
    pid,
    since: new Date().toISOString(),
    ...(info && { started: info.started }),
    ...(space !== undefined && { space }),
  };
}

function readUserName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a user id without a name.
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}

/** Describes the holder of a lock for people: user, host, process and time. */
export function describeLockHolder(holder: LockHolder | undefined): string {
  return holder === undefined
    ? "an unknown process (the lock file is empty or damaged)"
    : `${holder.owner} on ${holder.host}, process ${holder.pid}, since ${holder.since}`;
}

/** Returns true if the holder ran on this machine, in the same container, and since the last boot. */
export async function isFromThisMachine({ host, space }: LockHolder): Promise<boolean> {
  const ownSpace = await readPidSpace();
  return (
    host === hostname() && (space === undefined || ownSpace === undefined || space === ownSpace)
  );
}

/** Returns true if the process has certainly ended. Returns false for a process of another machine, which cannot be checked. */
export async function hasEnded(holder: LockHolder): Promise<boolean> {
  if (!(await isFromThisMachine(holder))) {
    return false;
  }
  const { pid, started } = holder;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM means that the process exists and belongs to another user.
    if (errorCodeOf(error) === "ESRCH") {
      return true;
    }
  }
  const info = await readProcessInfo(pid);
  return (
    info !== undefined && (info.isZombie || (started !== undefined && info.started !== started))
  );
}
