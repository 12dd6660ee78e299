import { stat } from "node:fs/promises";
import { confirm } from "../confirm.js";
import type { Context } from "../command-context.js";
import { UsageError } from "../report/failure-json.js";
import { mostBytes, readBytes } from "./read-text-file.js";
import { checkTarget, replaceFile } from "./replace-file.js";
import { plainPath } from "../secrets/detect-secrets.js";

/** The description of `--force`, for each command with `--out`. */
export const forceText = "overwrite the file of --out without asking";

/** The rules for a file that exists already. */
export interface Overwriting {
  readonly force?: boolean | undefined;
  /** Returns true for content that may be replaced without asking. Default: no content. */
  readonly isReplaceable?: (content: string) => boolean;
}

/**
 * Writes the file of `--out`. Replaces an existing file only with `--force` or after asking. Throws a UsageError if there is no
 * terminal to ask on.
 */
export async function writeOutput(
  context: Context,
  file: string,
  text: string,
  { force = false, isReplaceable = () => false }: Overwriting,
): Promise<void> {
  checkTarget(file, "--out");
  const there = await stat(file).catch(() => undefined);
  if (there?.isFile() === true && !force) {
    const before = readBytes(file, mostBytes.generated);
    const content = "bytes" in before ? before.bytes.toString("utf8") : undefined;
    if (content === text) {
      return;
    }
    if (content === undefined || !(content === "" || isReplaceable(content))) {
      await askToReplace(context, plainPath(file));
    }
  }
  await replaceFile(file, text);
}

async function askToReplace(context: Context, shown: string): Promise<void> {
  if (!context.stdin.isTTY || !context.stderr.isTTY) {
    throw new UsageError(
      `--out: ${shown} already exists with different content: pass --force to overwrite it, or choose another name`,
    );
  }
  await confirm(context, `${shown} already exists with different content. Overwrite it?`, false);
}
