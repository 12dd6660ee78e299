import { runCommand } from "../runtimes/command.js";

/** A command and the texts that its output must contain. */
interface Expectation {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** The texts in the output of a command that succeeds. */
  readonly prints?: readonly string[];
  /** The text in the output of a command that fails. */
  readonly fails?: string;
}

/** The timeout of one command. A client that waits for a response which never comes must not look slow. */
const limitMs = 30_000;

/** Runs a command and returns its output. Throws an error if the command differs from the expectation. */
export async function expectCommand({
  file,
  args,
  env = {},
  prints = [],
  fails,
}: Expectation): Promise<string> {
  const { stdout, problem } = await runCommand(file, args, { cwd: process.cwd(), env, limitMs });
  const command = [file.replace(/^.*\//, ""), ...args].join(" ");
  if (fails !== undefined) {
    if (problem?.includes(fails) !== true) {
      throw new Error(`${command}: expected a failure with "${fails}", got: ${problem ?? stdout}`);
    }
    return problem;
  }
  if (problem !== undefined) {
    throw new Error(`${command}: ${problem}`);
  }
  const missing = prints.filter((text) => !stdout.includes(text));
  if (missing.length > 0) {
    throw new Error(`${command}: the output lacks ${missing.join(", ")}:\n${stdout}`);
  }
  return stdout;
}
