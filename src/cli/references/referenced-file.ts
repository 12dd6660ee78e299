import { isAbsolute, join } from "node:path";
import { readBytes } from "../files/read-bytes.js";
import { isFileContent } from "../secrets/detect-secrets.js";
import { quotePath } from "../secrets/display-path.js";
import { interpolate } from "./interpolate.js";
import type {
  ReferenceContext,
  ResolvedReference,
  UnresolvedReference,
} from "./reference-context.js";
import { findReferencedVariable } from "./secret-reference.js";

/** Returns the content of a file whose path may contain variables. Errors show the path as written, without the values of variables. */
export function readReferencedFile(
  written: string,
  kind: "secret" | "content",
  context: ReferenceContext,
): ResolvedReference {
  const path = interpolate(written, context, "hidden");
  if ("problem" in path) {
    return path;
  }
  const readKind = kind === "secret" ? readSecretFile : readContentFile;
  return readKind(path.value, context, path.value === written ? undefined : written);
}

/**
 * Returns the content of a file with a secret, which must be UTF-8 text. Removes a byte order mark and one line end at the end, as editors
 * write them. Keeps further line ends, so that the check of the secret reports them. Errors show `written` instead of the path, if given.
 */
export function readSecretFile(
  path: string,
  context: ReferenceContext,
  written?: string,
): ResolvedReference {
  const file = readFileOfContext(path, context, written);
  if ("problem" in file) {
    return file;
  }
  const text = decodeUtf8Strictly(file.bytes);
  return text === undefined
    ? {
        problem:
          "a secret must be UTF-8 text: save the file as UTF-8 (the > of Windows PowerShell writes UTF-16)",
      }
    : { value: text.replace(/^\ufeff/, "").replace(/\r?\n$/, "") };
}

/** Returns the content of a file as text, or as `base64:` followed by the encoded bytes if it is not UTF-8 text. */
export function readContentFile(
  path: string,
  context: ReferenceContext,
  written?: string,
): ResolvedReference {
  const file = readFileOfContext(path, context, written);
  if ("problem" in file) {
    return file;
  }
  const text = decodeUtf8Strictly(file.bytes);
  return {
    value:
      text === undefined || text.startsWith("base64:")
        ? `base64:${file.bytes.toString("base64")}`
        : text,
  };
}

function readFileOfContext(
  path: string,
  { folder }: ReferenceContext,
  written: string | undefined,
): { readonly bytes: Buffer } | UnresolvedReference {
  const result = readBytes(isAbsolute(path) ? path : join(folder, path));
  if ("bytes" in result) {
    return result;
  }
  const shown = written === undefined ? quotePath(path) : JSON.stringify(written);
  const advice = isFileContent(path) ? describeContentAsPath(written) : "";
  return {
    problem: `cannot read the file ${shown}: ${result.reason}${advice}`,
    isAbsent: advice === "" && (result.code === "ENOENT" || result.code === "ENOTDIR"),
  };
}

/** Decodes UTF-8. Returns undefined for other bytes. */
function decodeUtf8Strictly(bytes: Buffer): string | undefined {
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) ? text : undefined;
}

function describeContentAsPath(written: string | undefined): string {
  const name = written === undefined ? undefined : findReferencedVariable(written);
  return name === undefined
    ? "; it contains the content of a file, not its path"
    : `; ${name} contains the content itself, not a path: write \${${name}} instead of { file: … }`;
}
