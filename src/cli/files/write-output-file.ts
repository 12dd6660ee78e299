import { stat } from "node:fs/promises";
import { confirm } from "../confirm.js";
import type { CommandContext } from "../command-context.js";
import { UsageError } from "../report/failure-json.js";
import { maxFileBytes, readBytes } from "./read-text-file.js";
import { checkIsPath, replaceFile } from "./replace-file.js";
import { displayPath } from "../secrets/detect-secrets.js";

/** The description of `--force`, for each command with `--out`. */
export const forceOptionText = "overwrite the file of --out without asking";

/** The rules for a file that exists already. */
export interface OverwriteRules {
  readonly force?: boolean | undefined;
  /** Returns true for content that may be replaced without asking. Default: no content. */
  readonly isReplaceable?: (content: string) => boolean;
}

/**
 * Writes the file of `--out`. Replaces an existing file only with `--force` or after asking. Throws a UsageError if there is no
 * terminal to ask on.
 */
export async function writeOutputFile(
  context: CommandContext,
  file: string,
  text: string,
  { force = false, isReplaceable = () => false }: OverwriteRules,
): Promise<void> {
  checkIsPath(file, "--out");
  const there = await stat(file).catch(() => undefined);
  if (there?.isFile() === true && !force) {
    const before = readBytes(file, maxFileBytes.generated);
    const content = "bytes" in before ? before.bytes.toString("utf8") : undefined;
    if (content === text) {
      return;
    }
    if (content === undefined || !(content === "" || isReplaceable(content))) {
      await askToReplace(context, displayPath(file));
    }
  }
  await replaceFile(file, text);
}

async function askToReplace(context: CommandContext, shown: string): Promise<void> {
  if (!context.stdin.isTTY || !context.stderr.isTTY) {
    throw new UsageError(
      `--out: ${shown} already exists with different content: pass --force to overwrite it, or choose another name`,
    );
  }
  await confirm(context, `${shown} already exists with different content. Overwrite it?`, false);
}
