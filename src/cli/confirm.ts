import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Context } from "./context.js";
import { UsageError } from "./failure.js";
import { printableLines } from "../printable.js";

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
  // Not as a terminal, so that Ctrl+C comes as a signal.
  const lines = createInterface({ input: stdin, terminal: false });
  const answered = new AbortController();
  const either = AbortSignal.any([signal, answered.signal]);
  const wait = async (event: "line" | "close"): Promise<unknown> =>
    ((await once(lines, event, { signal: either })) as unknown[])[0];
  try {
    const answer = await Promise.race([wait("line"), wait("close")]).catch(() => undefined);
    if (answer === undefined) {
      // Nobody has ended the line of the question.
      stderr.write("\n");
    }
    signal.throwIfAborted();
    if (!/^y(es)?$/i.test(String(answer ?? "").trim())) {
      throw new UsageError("not confirmed: nothing was done");
    }
  } finally {
    answered.abort();
    lines.close();
  }
}
