import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { canConnect } from "./ports.js";

/** A program that runs until it is disposed, e.g. a proxy. Its disposal ends the program by SIGKILL. */
export interface BackgroundProgram extends AsyncDisposable {
  /** Ends the program by SIGTERM, so that it completes its logs. */
  stop(): Promise<void>;
}

/**
 * The shell script around a program. It passes SIGTERM on. When its standard input ends, it sends the program SIGKILL: that happens too
 * if this process ends in any way, even by SIGKILL.
 */
const script = `exec 3<&0
"$@" 3<&- </dev/null &
program=$!
trap 'kill "$program"' TERM
{ cat; kill -KILL "$program"; } <&3 >/dev/null 2>&1 &
wait "$program"
# The signal ends the first wait.
wait "$program"`;

const limitMs = 20_000;

/**
 * Starts a program and waits until it accepts connections on all its ports of this machine. Throws with the program's output if it
 * ends or does not get ready within 20 seconds.
 */
export async function startProgram(
  file: string,
  args: readonly string[],
  ports: readonly number[],
): Promise<BackgroundProgram> {
  const shell = spawn("/bin/sh", ["-c", script, "sh", file, ...args], {
    cwd: "/",
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  const collect = (chunk: Buffer): void => void (output += chunk.toString());
  shell.stdout.on("data", collect);
  shell.stderr.on("data", collect);
  // The shell may have ended already.
  shell.stdin.on("error", () => undefined);
  const ended = once(shell, "close");
  const end = async (): Promise<void> => {
    shell.stdin.end();
    await ended;
  };
  try {
    await Promise.all(ports.map((port) => waitForPort(port, shell)));
  } catch (error) {
    await end();
    throw new Error(`${file} ${String(error)}\n${output}`.trim(), { cause: error });
  }
  return {
    async stop() {
      shell.kill("SIGTERM");
      await ended;
      await end();
    },
    [Symbol.asyncDispose]: end,
  };
}

async function waitForPort(port: number, program: ChildProcess): Promise<void> {
  const started = performance.now();
  while (!(await canConnect(port))) {
    if (program.exitCode !== null || program.signalCode !== null) {
      throw new Error(`ended with ${program.exitCode ?? program.signalCode}`);
    }
    if (performance.now() - started > limitMs) {
      throw new Error(`does not listen on port ${port} after ${limitMs / 1000} s`);
    }
  }
}
