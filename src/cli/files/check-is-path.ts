import { UsageError } from "../errors/usage-error.js";
import { isFileContent } from "../secrets/detect-secrets.js";

/** Throws a UsageError for file content in place of a path, which could otherwise become the name of a new file. */
export function checkIsPath(path: string, source = "the path of the file to write"): void {
  if (isFileContent(path)) {
    throw new UsageError(`${source} contains the content of a file, not its path: pass the path`);
  }
}
