import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import type { Readable } from "node:stream";
import { encodingProblem, withoutBom } from "../../auth/text-encoding.js";
import { UsageError } from "../report/failure-json.js";
import { isFileContent, isPathLike, quotePath } from "../secrets/detect-secrets.js";

/** The size limits of files in bytes: `written` for files that people write, `generated` for files that programs write. */
export const maxFileBytes: Readonly<Record<"written" | "generated", number>> = {
  written: 2 ** 20,
  generated: 2 ** 24,
};

/** The words for a file in errors, and its size limit. */
export interface FileUse {
  /** The name of the content, e.g. "the token". */
  readonly what: string;
  /** The flag, variable or argument that names the file, e.g. "--token-file". */
  readonly name?: string | undefined;
  /** The advice for a user who passes the content instead of the path, e.g. "put it into ZITADEL_TOKEN". */
  readonly contentBelongs?: string | undefined;
  /** The size limit in bytes. Default: `maxFileBytes.written`. */
  readonly most?: number | undefined;
}

/** The bytes of a file, or the reason why it cannot be read. The reason repeats no part of the path. */
export type FileBytes =
  { readonly bytes: Buffer } | { readonly code: string; readonly reason: string };

/** Reads a regular file of limited size. Rejects devices, pipes and the like, because they may never end. */
export function readBytes(path: string, most: number = maxFileBytes.written): FileBytes {
  let file: number | undefined;
  try {
    // Without O_NONBLOCK, opening a pipe would wait for its writer.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(file);
    if (stat.isDirectory()) {
      return { code: "EISDIR", reason: "it is a folder" };
    }
    if (!stat.isFile() || /^\/(?:proc|sys)\//.test(realpathSync(path))) {
      const kind = stat.isFIFO() ? "a pipe" : stat.isFile() ? "a file of the kernel" : "a device";
      return { code: "EINVAL", reason: `it is ${kind}, and only regular files are read` };
    }
    const bytes = stat.size > most ? undefined : readUpTo(file, most);
    return bytes === undefined ? { code: "EFBIG", reason: tooLarge(most) } : { bytes };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return { code, reason: reasons[code] ?? code };
  } finally {
    if (file !== undefined) {
      closeSync(file);
    }
  }
}

/** Returns the content, or undefined if it is longer than `most` bytes. */
function readUpTo(file: number, most: number): Buffer | undefined {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const chunk = Buffer.alloc(64 * 1024);
    const count = readSync(file, chunk);
    if (count === 0) {
      return Buffer.concat(chunks);
    }
    length += count;
    if (length > most) {
      return undefined;
    }
    chunks.push(chunk.subarray(0, count));
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  ENOTDIR: "it does not exist",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENAMETOOLONG: "the path is too long",
  ELOOP: "its symbolic links form a loop",
  ENXIO: "it is a socket, and only regular files are read",
  ERR_INVALID_ARG_VALUE: "the path holds a null byte",
};

function tooLarge(most: number): string {
  return `it is larger than the limit of ${most / 2 ** 20} MiB`;
}

/**
 * Reads a text file in UTF-8, without its byte order mark. Throws an Error that shows the path only if it looks like one, because
 * users may pass a secret by mistake. Throws a UsageError for UTF-16, which would otherwise be reported as wrong content.
 */
export function readTextFile(path: string, use: FileUse): string {
  const result = readBytes(path, use.most);
  if (!("bytes" in result)) {
    throw createReadError(path, use, result);
  }
  const text = result.bytes.toString("utf8");
  const problem = encodingProblem(text);
  if (problem !== undefined) {
    throw new UsageError(`${quotePath(path)} ${problem}`);
  }
  return withoutBom(text);
}

/** Returns the error for a file that cannot be read. Leaves out Node's own error, whose text repeats the path. */
export function createReadError(
  path: string,
  { what, name, contentBelongs }: FileUse,
  { code, reason }: { readonly code: string; readonly reason: string },
): Error {
  if (isFileContent(path)) {
    const content =
      contentBelongs === undefined
        ? "the content of a file, not its path: pass the path"
        : `${what} itself, not the path of a file: ${contentBelongs}`;
    return new UsageError(`${name ?? "the path"} holds ${content}`);
  }
  const from = name === undefined ? "" : ` (${name})`;
  const help =
    contentBelongs === undefined || isPathLike(path)
      ? ""
      : `; if that is ${what} itself, ${contentBelongs}`;
  const problem = reason === code ? code : `${reason} (${code})`;
  return new Error(`cannot read ${what} from ${quotePath(path)}${from}: ${problem}${help}`);
}

/** Reads standard input to its end. Throws an Error if it is longer than `most` bytes. */
export async function readStdin(
  stdin: Readable,
  most: number = maxFileBytes.written,
): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdin as AsyncIterable<Buffer | string>) {
    const bytes = Buffer.from(chunk as Buffer);
    length += bytes.length;
    if (length > most) {
      throw new Error(`cannot read standard input: ${tooLarge(most)}`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}
