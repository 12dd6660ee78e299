import { createInterface } from "node:readline/promises";
import type { Context } from "./context.js";
import { UsageError } from "./failure.js";
import { printableLines } from "./printable.js";

/** Asks before something that has no way back. Without a terminal to ask on, only `--yes` will do. */
export async function confirm(
  { stdin, stderr, signal }: Context,
  question: string,
  yes: boolean | undefined,
): Promise<void> {
  if (yes) {
    return;
  }
  if (!stdin.isTTY || !stderr.isTTY) {
    throw new UsageError("there is no terminal to ask on: give --yes to do it without being asked");
  }
  stderr.write(`${printableLines(question)} [y/N] `);
  // Without an output, so that the terminal stays as it is, and Ctrl+C comes as a signal.
  const lines = createInterface({ input: stdin, terminal: false });
  try {
    const answer = await new Promise<string>((resolve, reject) => {
      const abort = (): void => reject(signal.reason as Error);
      signal.addEventListener("abort", abort, { once: true });
      lines.once("line", resolve);
      lines.once("close", () => resolve(""));
    });
    if (!/^y(es)?$/i.test(answer.trim())) {
      throw new UsageError("not confirmed: nothing was done");
    }
  } finally {
    lines.close();
  }
}
