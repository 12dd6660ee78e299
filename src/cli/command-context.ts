import type { Readable } from "node:stream";
import { exitStatus, Interruption } from "./exit-status.js";

/** A stream that a command writes to. */
export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** The environment, streams and signal that a command uses instead of `process`, so that tests can replace them. */
export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Aborts on Ctrl+C or SIGTERM. The reason is an `Interruption`. */
  readonly signal: AbortSignal;
  /** The exit status that a command sets. If the command throws an error and has set none, the status is 1. */
  status: number;
}

/** Creates the context of the running process. */
export function createProcessContext(): CommandContext {
  const { env, platform, stdin, stdout, stderr } = process;
  let controller: AbortController | undefined;
  return {
    env,
    platform,
    stdin,
    stdout,
    stderr,
    // Listen only once a command reads the signal. Without a listener, SIGINT and SIGTERM end the process as usual.
    get signal() {
      if (controller === undefined) {
        const interrupted = (controller = new AbortController());
        const listen = (name: NodeJS.Signals, message: string, status: number): void =>
          void process.once(name, () => interrupted.abort(new Interruption(message, status)));
        listen("SIGINT", "interrupted", exitStatus.interrupted);
        listen("SIGTERM", "terminated", exitStatus.terminated);
      }
      return controller.signal;
    },
    status: 0,
  };
}
