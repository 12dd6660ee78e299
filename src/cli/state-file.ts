import { readFile } from "node:fs/promises";
import type { StateStore } from "../providers/index.js";
import { replaceFile } from "./replace-file.js";

const ownerOnly = 0o600;

/** The state of `apply` in a file. It is replaced as a whole: who is interrupted leaves the old one or the new one. */
export function stateFile(file: string): StateStore {
  return {
    async read() {
      let text: string;
      try {
        text = await readFile(file, "utf8");
      } catch (cause) {
        if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") {
          return undefined;
        }
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`cannot read the state: ${why}`, { cause });
      }
      try {
        JSON.parse(text);
      } catch (cause) {
        const wayOut = "restore it, or delete it to begin anew";
        throw new Error(`the state ${file} is not JSON: ${wayOut}`, { cause });
      }
      return text;
    },
    write: async (text) => await replaceFile(file, text, ownerOnly),
  };
}
