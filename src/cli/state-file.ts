import type { StateStore } from "../providers/index.js";
import { parseJson } from "./json-file.js";
import { mostBytes, readBytes, unreadable } from "./read-file.js";
import { checkTarget, replaceFile } from "./replace-file.js";

const ownerOnly = 0o600;

/** The state of `apply` in a file. It is replaced as a whole: who is interrupted leaves the old one or the new one. */
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
      parseJson(`the state ${file}`, text, "restore it, or delete it to begin anew");
      return text;
    },
    write: async (text) => await replaceFile(file, text, ownerOnly),
  };
}
