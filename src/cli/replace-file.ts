import { randomUUID } from "node:crypto";
import { open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";

/** Writes a file as a whole or not at all. What is no file, such as a pipe or /dev/null, is written to. */
export async function replaceFile(file: string, text: string, mode = 0o666): Promise<void> {
  try {
    const target = await realpath(file).catch(() => file);
    const there = await stat(target).catch(() => undefined);
    if (there === undefined || there.isFile()) {
      await replace(target, text, mode);
    } else {
      await writeFile(target, text);
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`cannot write ${file}: ${why}`, { cause });
  }
}

async function replace(file: string, text: string, mode: number): Promise<void> {
  const fresh = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(fresh, "wx", mode);
    try {
      await handle.writeFile(text);
      // A crash of the machine may not leave an empty file either.
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
