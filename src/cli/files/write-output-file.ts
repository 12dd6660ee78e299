import { stat } from "node:fs/promises";
import type { CommandContext } from "../command-context.js";
import { confirm } from "../confirm.js";
import { UsageError } from "../errors/usage-error.js";
import { displayPath } from "../secrets/display-path.js";
import { checkIsPath } from "./check-is-path.js";
import { maxFileBytes } from "./file-size-limits.js";
import { readBytes } from "./read-bytes.js";
import { replaceFile } from "./replace-file.js";

/** The description of `--force`, for each command with `--out`. */
export const forceDescription = "overwrite the file of --out without asking";

/** The rules for overwriting an existing file. */
interface OverwriteRules {
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
  path: string,
  text: string,
  { force = false, isReplaceable = () => false }: OverwriteRules,
): Promise<void> {
  checkIsPath(path, "--out");
  const existing = await stat(path).catch(() => undefined);
  if (existing?.isFile() === true && !force) {
    const before = readBytes(path, maxFileBytes.generated);
    const content = "bytes" in before ? before.bytes.toString("utf8") : undefined;
    if (content === text) {
      return;
    }
    if (content === undefined || !(content === "" || isReplaceable(content))) {
      await confirmOverwrite(context, displayPath(path));
    }
  }
  await replaceFile(path, text);
}

async function confirmOverwrite(context: CommandContext, shownPath: string): Promise<void> {
  if (!context.stdin.isTTY || !context.stderr.isTTY) {
    throw new UsageError(
      `--out: ${shownPath} already exists with different content: pass --force to overwrite it, or choose another name`,
    );
  }
  await confirm(
    context,
    `${shownPath} already exists with different content. Overwrite it?`,
    false,
  );
}
