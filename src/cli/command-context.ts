import type { Readable } from "node:stream";

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
  /** The signal that aborts on Ctrl+C or SIGTERM. Its reason is an `Interruption`. */
  readonly signal: AbortSignal;
  /** The exit status of a command that did not fail. */
  status: number;
}

/** The exit statuses, which the help of the program lists. */
export const status = {
  failed: 1,
  differs: 2,
  locked: 3,
  interrupted: 130,
  terminated: 143,
} as const;

/** The abort reason after a signal of the operating system. */
export class Interruption extends Error {
  /** The exit status of a process that the signal ends. */
  readonly status: number;

  constructor(message: string, exitStatus: number) {
    super(message);
    this.name = "Interruption";
    this.status = exitStatus;
  }
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
    // Listen only when a command reads the signal: without a listener, SIGINT and SIGTERM end the process as usual.
    get signal() {
      if (controller === undefined) {
        const interrupted = (controller = new AbortController());
        const listen = (name: NodeJS.Signals, message: string, exitStatus: number): void =>
          void process.once(name, () => interrupted.abort(new Interruption(message, exitStatus)));
        listen("SIGINT", "interrupted", status.interrupted);
        listen("SIGTERM", "terminated", status.terminated);
      }
      return controller.signal;
    },
    status: 0,
  };
}
