import type { Command } from "commander";
import { createSecondsParser } from "../create-seconds-parser.js";

/** The option of a command that waits for the lock of a state file. */
export interface LockTimeoutOptions {
  /** The time to wait for the lock, in seconds. */
  readonly lockTimeout: number;
}

/** Adds `--lock-timeout` to a command. */
export function addLockTimeoutOption(command: Command): Command {
  return command.option(
    "--lock-timeout <seconds>",
    "wait this long if another run holds the lock of the state file",
    createSecondsParser({ isZeroAllowed: true }),
    0,
  );
}
