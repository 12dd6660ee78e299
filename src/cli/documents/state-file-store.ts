import type { StateStore } from "../../providers/index.js";
import { UsageError } from "../errors/usage-error.js";
import { checkIsPath } from "../files/check-is-path.js";
import { maxFileBytes } from "../files/file-size-limits.js";
import { readBytes } from "../files/read-bytes.js";
import { createReadError } from "../files/read-text-file.js";
import { replaceFile } from "../files/replace-file.js";
import { displayPath } from "../secrets/display-path.js";
import { parseJsonFile } from "./parse-json-file.js";

/** The file mode that only lets the owner read and write. */
const ownerOnly = 0o600;

/** Creates a store over a state file that must exist, because the user named it. Its reads throw a UsageError otherwise. */
export function createExistingStateStore(file: string): StateStore {
  const store = createStateFileStore(file);
  return {
    ...store,
    async read() {
      const text = await store.read();
      if (text === undefined) {
        throw new UsageError(
          `--state: the file ${displayPath(file)} does not exist. apply writes FILE.state.json`,
        );
      }
      return text;
    },
  };
}

/**
 * Creates a store that keeps the state of `apply` in a file. A write replaces the whole file, so an interrupted run leaves either the old
 * or the new file.
 */
export function createStateFileStore(file: string): StateStore {
  return {
    async read() {
      const result = readBytes(file, maxFileBytes.generated);
      if ("code" in result) {
        if (result.code === "ENOENT") {
          checkIsPath(file, "--state");
          return undefined;
        }
        throw createReadError(file, { content: "the state", source: "--state" }, result);
      }
      const text = result.bytes.toString("utf8");
      parseJsonFile(`the state file ${file}`, text, "restore it, or delete it to start over");
      return text;
    },
    write: async (text) => await replaceFile(file, text, ownerOnly),
  };
}
