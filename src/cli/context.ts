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
  /** Ends what is under way: Ctrl+C. */
  readonly signal: AbortSignal;
  /** The exit status of a command that did not fail. */
  status: number;
}

/** Exit statuses, as the help tells them. */
export const status = { failed: 1, differs: 2, interrupted: 130 } as const;

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
        process.once("SIGINT", () => interrupted.abort(new Error("interrupted")));
      }
      return controller.signal;
    },
    status: 0,
  };
}
