import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import type { Readable } from "node:stream";
import { encodingProblem, withoutBom } from "../auth/text-encoding.js";
import { UsageError } from "./failure.js";
import { isFileContent, isPathLike, shownPath } from "./secret-looking.js";

/** The largest files that are read, in bytes: those that people write, and those that this program or others write for it. */
export const mostBytes: Readonly<Record<"written" | "generated", number>> = {
  written: 2 ** 20,
  generated: 2 ** 24,
};

/** A file as its user knows it. */
export interface FileUse {
  /** The thing in the file, e.g. "the token". */
  readonly what: string;
  /** The flag, variable or argument that names the file, e.g. "--token-file". */
  readonly name?: string | undefined;
  /** The way out for a user who gives the content in place of the path. */
  readonly contentBelongs?: string | undefined;
  /** Default: `mostBytes.written`. */
  readonly most?: number | undefined;
}

/** The bytes of a file, or the reason why it cannot be read, which repeats no part of its path. */
export type FileBytes =
  { readonly bytes: Buffer } | { readonly code: string; readonly reason: string };

/** Reads a regular file of limited size. Devices, pipes and the like are rejected, because they may never end. */
export function readBytes(path: string, most: number = mostBytes.written): FileBytes {
  let file: number | undefined;
  try {
    // Without O_NONBLOCK, opening a pipe waits for its writer.
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

/** Returns the content, or undefined if there is more of it than `most`. */
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
  ENOENT: "there is none",
  ENOTDIR: "there is none",
  EACCES: "no permission",
  EPERM: "no permission",
  ENAMETOOLONG: "the path is too long",
  ELOOP: "its symbolic links lead in a circle",
  ENXIO: "it is a socket, and only regular files are read",
  ERR_INVALID_ARG_VALUE: "the path holds a null byte",
};

function tooLarge(most: number): string {
  return `it is larger than ${most / 2 ** 20} MiB, the most that is read`;
}

/**
 * Reads a text file in UTF-8, without its byte order mark. Throws an Error that names the file only if its path looks like one,
 * and one for UTF-16, which would otherwise be told as wrong content.
 */
export function readText(path: string, use: FileUse): string {
  const result = readBytes(path, use.most);
  if (!("bytes" in result)) {
    throw unreadable(path, use, result);
  }
  const text = result.bytes.toString("utf8");
  const problem = encodingProblem(text);
  if (problem !== undefined) {
    throw new UsageError(`${shownPath(path)} ${problem}`);
  }
  return withoutBom(text);
}

/** Returns the error for a file that cannot be read. Node's own error has the path in its text and is left out. */
export function unreadable(
  path: string,
  { what, name, contentBelongs }: FileUse,
  { code, reason }: { readonly code: string; readonly reason: string },
): Error {
  if (isFileContent(path)) {
    const content =
      contentBelongs === undefined
        ? "the content of a file, not its path: give its path"
        : `${what} itself, not the path of a file: ${contentBelongs}`;
    return new UsageError(`${name ?? "the path"} holds ${content}`);
  }
  const from = name === undefined ? "" : ` (${name})`;
  const help =
    contentBelongs === undefined || isPathLike(path)
      ? ""
      : `; if that is ${what} itself, ${contentBelongs}`;
  return new Error(`cannot read ${what}: ${code}: ${reason}: ${shownPath(path)}${from}${help}`);
}

/** Reads standard input to its end. Throws an Error if there is more of it than `most` bytes. */
export async function readStdin(
  stdin: Readable,
  most: number = mostBytes.written,
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
