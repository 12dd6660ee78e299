import type { Readable } from "node:stream";

/** Where a command writes. */
export interface Sink {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** The world around a command. Tests give another one. */
export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined };
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Ends what is under way: Ctrl+C or SIGTERM. Its reason is an `Interruption`. */
  readonly signal: AbortSignal;
  /** The exit status of a command that did not fail. */
  status: number;
}

/** Exit statuses. The help of the program lists them. */
export const status = {
  failed: 1,
  differs: 2,
  locked: 3,
  interrupted: 130,
  terminated: 143,
} as const;

/** The reason of an abort by a signal of the system. */
export class Interruption extends Error {
  /** The exit status of a process that the signal ends. */
  readonly status: number;

  constructor(message: string, exitStatus: number) {
    super(message);
    this.name = "Interruption";
    this.status = exitStatus;
  }
}

/** The process that runs the command. */
export function processContext(): Context {
  const { env, platform, stdin, stdout, stderr } = process;
  let controller: AbortController | undefined;
  return {
    env,
    platform,
    stdin,
    stdout,
    stderr,
    // Who never asks for it ends by the signal, as any process does.
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
