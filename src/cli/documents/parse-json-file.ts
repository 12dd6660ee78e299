import { FileError } from "../errors/file-error.js";
import { displayPath } from "../secrets/display-path.js";
import { yamlLimits } from "../yaml/yaml-limits.js";

/**
 * Parses a JSON file that this program wrote. `advice` is the fix for a file that is not JSON. Errors repeat no part of the text,
 * because the user may have named a wrong file with a secret in it.
 */
export function parseJsonFile(file: string, text: string, advice: string): unknown {
  const at = findTooDeepBracket(text);
  if (at !== undefined) {
    const before = text.slice(0, at).split("\n");
    const message = `the file is nested deeper than the limit of ${yamlLimits.depth} levels`;
    const column = (before.at(-1)?.length ?? 0) + 1;
    throw new FileError([{ file: displayPath(file), line: before.length, column, message }]);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error(`${displayPath(file)} is not JSON: ${advice}`);
  }
}

/** Returns the offset of the first bracket that is nested too deep. Brackets within strings do not count. */
function findTooDeepBracket(text: string): number | undefined {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (isInString) {
      at += char === "\\" ? 1 : 0;
      isInString = char !== '"';
    } else if (char === '"') {
      isInString = true;
    } else if (char === "{" || char === "[") {
      if (++depth > yamlLimits.depth) {
        return at;
      }
    } else if (char === "}" || char === "]") {
      depth--;
    }
  }
  return undefined;
}
