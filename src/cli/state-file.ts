import { open, readFile, rename, rm } from "node:fs/promises";
import type { StateStore } from "../providers/index.js";

/** The state of `apply` in a file. It is replaced as a whole: who is interrupted leaves the old one or the new one. */
export function stateFile(file: string): StateStore {
  return {
    async read() {
      try {
        return await readFile(file, "utf8");
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") {
          return undefined;
        }
        throw new Error(`cannot read the state ${file}`, { cause: error });
      }
    },
    write: async (text) => await replaceFile(file, text),
  };
}

/** Writes a file for its owner alone, as a whole or not at all. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const fresh = `${file}.${process.pid}.tmp`;
  try {
    const handle = await open(fresh, "w", 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
  } catch (cause) {
    await rm(fresh, { force: true });
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`cannot write ${file}: ${why}`, { cause });
  }
}
