import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The exit status and the output of a program. */
export interface ProgramResult {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Starts a built program, e.g. `dist/node/cli/main.js`. */
export function start(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): ChildProcess {
  return spawn(process.execPath, [file, ...args], { cwd: root, env: { ...process.env, ...env } });
}

/** Runs a built program until it exits. */
export function run(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<ProgramResult> {
  return waitForExit(start(file, args, env));
}

/** Waits until a program exits. Returns its status and its complete output. */
export function waitForExit(child: ChildProcess): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const result: ProgramResult = { status: null, stdout: "", stderr: "" };
    child.stdout?.on("data", (chunk: Buffer) => (result.stdout += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (result.stderr += chunk.toString()));
    child.once("error", reject);
    child.once("close", (status) => resolve({ ...result, status }));
  });
}

/** Waits until the standard output of a program matches a pattern. Returns the match. */
export function waitForOutput(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const match = pattern.exec(text);
      if (match !== null) {
        resolve(match);
      }
    });
    child.once("close", (status) =>
      reject(new Error(`ended with ${status} before it printed ${pattern}: ${text}`)),
    );
  });
}
