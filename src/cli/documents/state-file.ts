import type { StateStore } from "../../providers/index.js";
import { parseJson } from "./parse-json-file.js";
import { mostBytes, readBytes, unreadable } from "../files/read-text-file.js";
import { checkTarget, replaceFile } from "../files/replace-file.js";

const ownerOnly = 0o600;

/**
 * Creates a store that keeps the state of `apply` in a file. The file is replaced completely: an interrupted run leaves the old
 * or the new one.
 */
export function stateFile(file: string): StateStore {
  return {
    async read() {
      const result = readBytes(file, mostBytes.generated);
      if ("code" in result) {
        if (result.code === "ENOENT") {
          checkTarget(file, "--state");
          return undefined;
        }
        throw unreadable(file, { what: "the state", name: "--state" }, result);
      }
      const text = result.bytes.toString("utf8");
      parseJson(`the state file ${file}`, text, "restore it, or delete it to start over");
      return text;
    },
    write: async (text) => await replaceFile(file, text, ownerOnly),
  };
}
