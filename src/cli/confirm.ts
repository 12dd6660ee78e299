import { once } from "node:events";
import { createInterface } from "node:readline";
import { printableLines } from "../utils/printable.js";
import type { CommandContext } from "./command-context.js";
import { UsageError } from "./errors/usage-error.js";

/** Asks before an action, unless `yes` is set. Throws a UsageError if the user declines or there is no terminal to ask on. */
export async function confirm(
  { stdin, stderr, signal }: CommandContext,
  question: string,
  yes: boolean | undefined,
): Promise<void> {
  if (yes) {
    return;
  }
  if (!stdin.isTTY || !stderr.isTTY) {
    throw new UsageError("confirmation needs a terminal: pass --yes to skip the question");
  }
  stderr.write(`${printableLines(question)} [y/N] `);
  // In terminal mode, readline would handle Ctrl+C itself, which must remain a signal.
  const lines = createInterface({ input: stdin, terminal: false });
  const answered = new AbortController();
  const ended = AbortSignal.any([signal, answered.signal]);
  const wait = async (event: "line" | "close"): Promise<unknown> =>
    ((await once(lines, event, { signal: ended })) as unknown[])[0];
  try {
    const answer = await Promise.race([wait("line"), wait("close")]).catch(() => undefined);
    if (answer === undefined) {
      // The input ended without Enter, so end the line of the question.
      stderr.write("\n");
    }
    signal.throwIfAborted();
    if (!/^y(es)?$/i.test(String(answer ?? "").trim())) {
      throw new UsageError("not confirmed: nothing was changed");
    }
  } finally {
    answered.abort();
    lines.close();
  }
}
