import type { LockHolder } from "./lock-holder.js";

/** The error of a run that cannot take the lock of its state file, because another process holds it. */
export class LockedError extends Error {
  readonly holder: LockHolder | undefined;

  constructor(holder: LockHolder | undefined, message: string) {
    super(message);
    this.name = "LockedError";
    this.holder = holder;
  }
}
