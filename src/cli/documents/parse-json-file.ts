import { FileError } from "../errors/file-error.js";
import { displayPath } from "../secrets/detect-secrets.js";
import { mostDepth } from "../yaml/parse-yaml.js";

/**
 * Parses a JSON file that this program wrote. `wayOut` is the advice for a file that is not JSON. Errors repeat no part of the
 * text: the user may have named the wrong file, with a secret in it.
 */
export function parseJsonFile(file: string, text: string, wayOut: string): unknown {
  const deep = tooDeep(text);
  if (deep !== undefined) {
    const before = text.slice(0, deep).split("\n");
    const message = `the file is nested deeper than the limit of ${mostDepth} levels`;
    const column = (before.at(-1)?.length ?? 0) + 1;
    throw new FileError([{ file: displayPath(file), line: before.length, column, message }]);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error(`${displayPath(file)} is not JSON: ${wayOut}`);
  }
}

/** Returns the offset of the first bracket that is nested too deep. Brackets within strings do not count. */
function tooDeep(text: string): number | undefined {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (isText) {
      at += char === "\\" ? 1 : 0;
      isText = char !== '"';
    } else if (char === '"') {
      isText = true;
    } else if (char === "{" || char === "[") {
      if (++depth > mostDepth) {
        return at;
      }
    } else if (char === "}" || char === "]") {
      depth--;
    }
  }
  return undefined;
}
