import { randomUUID } from "node:crypto";
import { open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { UsageError } from "./failure.js";
import { isFileContent, plainPath } from "./secret-looking.js";

/** Writes a file as a whole or not at all. Pipes, devices such as /dev/null and the like are written to in place. */
export async function replaceFile(file: string, text: string, mode = 0o666): Promise<void> {
  checkTarget(file);
  // Node's own error has the path in its text and is left out.
  const code = await write(file, text, mode).then(() => undefined, codeOf);
  if (code !== undefined) {
    throw new Error(`cannot write ${plainPath(file)}: ${code}: ${reasons[code] ?? code}`);
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

/** Rejects the content of a file in place of its path: a short one would become the name of a new file. */
export function checkTarget(file: string, name = "the path of the file to write"): void {
  if (isFileContent(file)) {
    throw new UsageError(`${name} holds the content of a file, not its path: give a path`);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder does not exist",
  EACCES: "no permission",
  EPERM: "no permission",
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
      // Without sync, a crash of the machine can leave an empty file.
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
