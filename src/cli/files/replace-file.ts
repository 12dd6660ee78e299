import { randomUUID } from "node:crypto";
import { open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { UsageError } from "../report/failure-json.js";
import { isFileContent, displayPath } from "../secrets/detect-secrets.js";

/** Writes a file completely or not at all. Writes to pipes and devices such as /dev/null in place. */
export async function replaceFile(file: string, text: string, mode = 0o666): Promise<void> {
  checkIsPath(file);
  // Leave out Node's own error, whose text repeats the path.
  const code = await write(file, text, mode).then(() => undefined, codeOf);
  if (code !== undefined) {
    const reason = reasons[code];
    const problem = reason === undefined ? code : `${reason} (${code})`;
    throw new Error(`cannot write ${displayPath(file)}: ${problem}`);
  }
}

async function write(file: string, text: string, mode: number): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const there = await stat(target).catch(() => undefined);
  if (there === undefined || there.isFile()) {
    await replace(target, text, mode);
  } else {
    await writeFile(target, text);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}

/** Throws a UsageError for file content instead of a path. Otherwise short content would become the name of a new file. */
export function checkIsPath(file: string, name = "the path of the file to write"): void {
  if (isFileContent(file)) {
    throw new UsageError(`${name} holds the content of a file, not its path: pass the path`);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder does not exist",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENAMETOOLONG: "the path is too long",
};

async function replace(file: string, text: string, mode: number): Promise<void> {
  const fresh = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(fresh, "wx", mode);
    try {
      await handle.writeFile(text);
      // Without this sync, a crash of the machine could leave an empty file.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}
