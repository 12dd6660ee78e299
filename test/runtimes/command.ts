import { type ChildProcess, spawn } from "node:child_process";

/** Options for starting a program. */
export interface CommandOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The timeout after which the program is killed. */
  readonly limitMs: number;
  /** Receives each line of both outputs as it arrives. */
  readonly onLine?: (line: string) => void;
}

/** The result of a program. */
export interface CommandResult {
  readonly stdout: string;
  /** The problem; undefined if the exit code was 0. */
  readonly problem: string | undefined;
}

const running = new Set<ChildProcess>();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** Runs a program and waits for its end, whatever its exit code. */
export async function runCommand(
  file: string,
  args: readonly string[],
  { cwd, env, limitMs, onLine }: CommandOptions,
): Promise<CommandResult> {
  return await new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    const output = { stdout: "", stderr: "" };
    const collect = (name: keyof typeof output) => (chunk: string) => {
      output[name] += chunk;
      chunk.split("\n").forEach((line) => line && onLine?.(line));
    };
    child.stdout.setEncoding("utf8").on("data", collect("stdout"));
    child.stderr.setEncoding("utf8").on("data", collect("stderr"));
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill("SIGKILL");
    }, limitMs);
    const end = (reason: string | undefined) => {
      clearTimeout(timer);
      running.delete(child);
      const said = `${output.stdout}${output.stderr}`.trim();
      resolve({ stdout: output.stdout, problem: reason && `${reason}\n${said}`.trim() });
    };
    child.on("error", (error) => end(String(error)));
    child.on("close", (status, signal) => {
      if (isLate) {
        end(`it did not end within ${limitMs / 1000} s`);
      } else {
        end(status === 0 ? undefined : `it ended with ${status ?? signal}`);
      }
    });
  });
}

/** Returns the output of a program that must succeed. */
export async function outputOf(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const { stdout, problem } = await runCommand(file, args, options);
  if (problem !== undefined) {
    throw new Error(problem);
  }
  return stdout;
}
