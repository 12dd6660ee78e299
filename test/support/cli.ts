import { Readable } from "node:stream";
import type { CommandContext } from "../../src/cli/command-context.js";
import { run } from "../../src/cli/run.js";
import type { ProgramResult } from "./program.js";

/** The environment of a command in a test. */
export interface CliEnvironment {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** True if input, output and errors are a terminal. Default: false. */
  readonly isTerminal?: boolean;
  readonly platform?: string;
  readonly signal?: AbortSignal;
  /** Called with each write to standard error. */
  readonly onStderr?: (text: string) => void;
}

/** Creates a context for tests that only read the commands and options of the program. */
export function createTestContext(): CommandContext {
  return {
    env: {},
    platform: "linux",
    stdin: Readable.from([]),
    stdout: { write: () => undefined },
    stderr: { write: () => undefined },
    signal: new AbortController().signal,
    status: 0,
  };
}

/** Runs a command line in this process. Its environment, input and output are those of the test. */
export async function cli(
  args: readonly string[],
  {
    env = {},
    stdin = "",
    isTerminal = false,
    platform = "linux",
    signal = new AbortController().signal,
    onStderr,
  }: CliEnvironment = {},
): Promise<ProgramResult> {
  let stdout = "";
  let stderr = "";
  const context: CommandContext = {
    env,
    platform,
    stdin: Object.assign(Readable.from([stdin]), { isTTY: isTerminal }),
    stdout: { isTTY: isTerminal, write: (text) => (stdout += text) },
    stderr: {
      isTTY: isTerminal,
      write(text) {
        stderr += text;
        onStderr?.(text);
      },
    },
    signal,
    status: 0,
  };
  return { status: await run(args, context, "0.0.0"), stdout, stderr };
}
