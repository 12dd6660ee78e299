import { findEncodingProblem, withoutBom } from "../../utils/text-encoding.js";
import { UsageError } from "../errors/usage-error.js";
import { isFileContent, isPathLike } from "../secrets/detect-secrets.js";
import { quotePath } from "../secrets/display-path.js";
import { readBytes, type UnreadableFile } from "./read-bytes.js";

/** The words for a file in errors, and its size limit. */
export interface FileUse {
  /** The name of the content, e.g. "the token". */
  readonly content: string;
  /** The flag, variable or argument that names the file, e.g. "--token-file". */
  readonly source?: string | undefined;
  /** The advice for a user who passes the content instead of the path, e.g. "put it into ZITADEL_TOKEN". */
  readonly contentAdvice?: string | undefined;
  /** The size limit in bytes. Default: `maxFileBytes.written`. */
  readonly maxBytes?: number | undefined;
}

/**
 * Reads a text file in UTF-8, without its byte order mark. Throws an Error if that fails. The error shows the path only if it looks like
 * one, because users may pass a secret by mistake. Throws a UsageError for UTF-16, which would otherwise look like wrong content.
 */
export function readTextFile(path: string, use: FileUse): string {
  const result = readBytes(path, use.maxBytes);
  if (!("bytes" in result)) {
    throw createReadError(path, use, result);
  }
  const text = result.bytes.toString("utf8");
  const problem = findEncodingProblem(text);
  if (problem !== undefined) {
    throw new UsageError(`${quotePath(path)} ${problem}`);
  }
  return withoutBom(text);
}

/** Creates the error for a file that cannot be read. Leaves out the error of Node.js, whose text repeats the path. */
export function createReadError(path: string, use: FileUse, unreadable: UnreadableFile): Error {
  return isFileContent(path)
    ? createContentAsPathError(use)
    : createUnreadableError(path, use, unreadable);
}

/** Creates the error for a user who passed the content of a file instead of its path. */
function createContentAsPathError({ content, source, contentAdvice }: FileUse): UsageError {
  const mistake =
    contentAdvice === undefined
      ? "the content of a file, not its path: pass the path"
      : `${content} itself, not the path of a file: ${contentAdvice}`;
  return new UsageError(`${source ?? "the path"} contains ${mistake}`);
}

function createUnreadableError(
  path: string,
  { content, source, contentAdvice }: FileUse,
  { code, reason }: UnreadableFile,
): Error {
  const from = source === undefined ? "" : ` (${source})`;
  const advice =
    contentAdvice === undefined || isPathLike(path)
      ? ""
      : `; if that is ${content} itself, ${contentAdvice}`;
  const problem = reason === code ? code : `${reason} (${code})`;
  return new Error(`cannot read ${content} from ${quotePath(path)}${from}: ${problem}${advice}`);
}
