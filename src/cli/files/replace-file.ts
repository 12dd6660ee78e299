import { randomUUID } from "node:crypto";
import { open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { errorCodeOf } from "../../utils/error-codes.js";
import { displayPath } from "../secrets/display-path.js";
import { checkIsPath } from "./check-is-path.js";
import { describeWriteFailure } from "./describe-file-failure.js";

/** Writes a file completely or not at all. Writes to pipes and devices such as /dev/null in place. */
export async function replaceFile(path: string, text: string, mode = 0o666): Promise<void> {
  checkIsPath(path);
  // Leave out the error of Node.js, whose text repeats the path.
  const code = await writeToTarget(path, text, mode).then(
    () => undefined,
    (error: unknown) => errorCodeOf(error) ?? "unknown",
  );
  if (code !== undefined) {
    const reason = describeWriteFailure(code);
    const problem = reason === undefined ? code : `${reason} (${code})`;
    throw new Error(`cannot write ${displayPath(path)}: ${problem}`);
  }
}

async function writeToTarget(path: string, text: string, mode: number): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const existing = await stat(target).catch(() => undefined);
  if (existing === undefined || existing.isFile()) {
    await writeThenRename(target, text, mode);
  } else {
    await writeFile(target, text);
  }
}

/** Writes a temporary file and gives it the name of the target, so that the target is never incomplete. */
async function writeThenRename(target: string, text: string, mode: number): Promise<void> {
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, "wx", mode);
    try {
      await handle.writeFile(text);
      // Sync, because otherwise a crash of the machine could leave an empty file.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
