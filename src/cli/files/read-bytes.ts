import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  type Stats,
} from "node:fs";
import { errorCodeOf } from "../../utils/error-codes.js";
import { describeReadFailure } from "./describe-file-failure.js";
import { maxFileBytes, describeTooLarge } from "./file-size-limits.js";

/** The bytes of a file, or the reason why it cannot be read. The reason repeats no part of the path. */
type FileBytes = { readonly bytes: Buffer } | UnreadableFile;

/** The reason why a file cannot be read. */
export interface UnreadableFile {
  /** The code of the file system, e.g. `ENOENT`. */
  readonly code: string;
  readonly reason: string;
}

/** Reads a regular file of limited size. Does not read devices, pipes and similar files, because they may never end. */
export function readBytes(path: string, maxBytes: number = maxFileBytes.written): FileBytes {
  let file: number | undefined;
  try {
    // Without O_NONBLOCK, opening a pipe would wait for its writer.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(file);
    if (stat.isDirectory()) {
      return { code: "EISDIR", reason: "it is a folder" };
    }
    if (!stat.isFile() || /^\/(?:proc|sys)\//.test(realpathSync(path))) {
      return {
        code: "EINVAL",
        reason: `it is ${describeKind(stat)}, and only regular files are read`,
      };
    }
    const bytes = stat.size > maxBytes ? undefined : readUpTo(file, maxBytes);
    return bytes === undefined ? { code: "EFBIG", reason: describeTooLarge(maxBytes) } : { bytes };
  } catch (error) {
    const code = errorCodeOf(error) ?? "unknown";
    return { code, reason: describeReadFailure(code) };
  } finally {
    if (file !== undefined) {
      closeSync(file);
    }
  }
}

/** Names the kind of a file that is not read. */
function describeKind(stat: Stats): string {
  if (stat.isFIFO()) {
    return "a pipe";
  }
  return stat.isFile() ? "a file of the kernel" : "a device";
}

/** Reads the rest of a file. Returns undefined if it is longer than `maxBytes`. */
function readUpTo(file: number, maxBytes: number): Buffer | undefined {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const chunk = Buffer.alloc(64 * 1024);
    const count = readSync(file, chunk);
    if (count === 0) {
      return Buffer.concat(chunks);
    }
    length += count;
    if (length > maxBytes) {
      return undefined;
    }
    chunks.push(chunk.subarray(0, count));
  }
}
