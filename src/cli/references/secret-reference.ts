import { isAbsolute, join } from "node:path";
import { isAllowedVariable } from "../options/allow-env-option.js";
import { readBytes } from "../files/read-text-file.js";
import { isFileContent, quotePath } from "../secrets/detect-secrets.js";

/** The environment and the folder in which references are resolved. */
export interface ReferenceContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder for relative paths. */
  readonly folder: string;
  /** The variables that plain fields may read, from `--allow-env` and the profile. Default: none. */
  readonly allowEnv?: readonly string[];
}

/** The value of a reference, or the problem with it. */
export type Resolved = { readonly value: string } | { readonly problem: string };

const whole = /^\$\{([A-Za-z_]\w*)\}$/;
const parts = /\$\$\{|\$\{([A-Za-z_]\w*)\}|\$\{/g;

/**
 * Replaces each `${NAME}` in a text with the environment variable, and `$${` with a literal `${`. Plans and errors show the text
 * of plain fields, so those may read only the variables that the user allows.
 */
export function interpolate(
  text: string,
  context: ReferenceContext,
  field: "plain" | "hidden",
): Resolved {
  const problems = new Set<string>();
  const value = text.replace(parts, (found, name?: string) => {
    if (found === "$${") {
      return "${";
    }
    const given = name === undefined ? undefined : context.env[name];
    const problem = variableProblem(name, given, context, field);
    if (problem !== undefined) {
      problems.add(problem);
    }
    return given ?? "";
  });
  return problems.size > 0 ? { problem: [...problems].join("; ") } : { value };
}

function variableProblem(
  name: string | undefined,
  value: string | undefined,
  { allowEnv = [] }: ReferenceContext,
  field: "plain" | "hidden",
): string | undefined {
  if (name === undefined) {
    return "${ must be followed by the name of a variable and }; write $${ for a literal ${";
  }
  if (value === undefined) {
    return `the environment variable ${name} is not set; write $\${ for a literal \${`;
  }
  return field === "plain" && !isAllowedVariable(name, allowEnv)
    ? `the variable ${name} would be shown, because this field is not secret: allow that with --allow-env ${name}, or write $\${ for a literal \${`
    : undefined;
}

/** Escapes text for a file, so that no part of it is read as a reference. */
export function escapeReferences(text: string): string {
  return text.replaceAll("${", () => "$${");
}

/** The error text for a secret that is not a reference. */
export const literalSecretProblem =
  "the file must not contain a secret itself: write ${NAME} for an environment variable, or { file: path }";

/** Returns the secret of a text. The text must be exactly one `${NAME}`, because the file must not contain the secret itself. */
export function resolveSecretReference(text: string, context: ReferenceContext): Resolved {
  const name = whole.exec(text)?.[1];
  if (name === undefined) {
    return { problem: literalSecretProblem };
  }
  return context.env[name] === ""
    ? { problem: `the variable ${name} is set but empty` }
    : interpolate(text, context, "hidden");
}

/**
 * Returns the content of a file that holds a secret, which must be UTF-8 text. Removes a byte order mark and one line end at the
 * end, which editors write. Further line ends stay, so that the check of the secret reports them. Errors show `written` instead
 * of a path that came from a variable.
 */
export function readSecretFile(path: string, context: ReferenceContext, written?: string): Resolved {
  const bytes = bytesOf(path, context, written);
  if ("problem" in bytes) {
    return bytes;
  }
  const text = textOf(bytes);
  return text === undefined
    ? {
        problem:
          "a secret must be UTF-8 text: save the file as UTF-8 (the > of Windows PowerShell writes UTF-16)",
      }
    : { value: text.replace(/^\ufeff/, "").replace(/\r?\n$/, "") };
}

/** Returns the content of a file as text, or as `base64:` followed by the encoded bytes if it is not UTF-8 text. */
export function readContentFile(path: string, context: ReferenceContext, written?: string): Resolved {
  const bytes = bytesOf(path, context, written);
  if ("problem" in bytes) {
    return bytes;
  }
  const text = textOf(bytes);
  return {
    value:
      text === undefined || text.startsWith("base64:")
        ? `base64:${bytes.toString("base64")}`
        : text,
  };
}

function bytesOf(
  path: string,
  { folder }: ReferenceContext,
  written: string | undefined,
): Buffer | { readonly problem: string } {
  const result = readBytes(isAbsolute(path) ? path : join(folder, path));
  if ("reason" in result) {
    const shown = written === undefined ? quotePath(path) : JSON.stringify(written);
    const help = isFileContent(path) ? contentHelp(written) : "";
    return { problem: `cannot read the file ${shown}: ${result.reason}${help}` };
  }
  return result.bytes;
}

/** Decodes UTF-8. Returns undefined for other bytes. */
function textOf(bytes: Buffer): string | undefined {
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) ? text : undefined;
}

function contentHelp(written: string | undefined): string {
  const name = written === undefined ? undefined : whole.exec(written)?.[1];
  return name === undefined
    ? "; it holds the content of a file, not its path"
    : `; ${name} holds the content itself, not a path: write \${${name}} instead of { file: … }`;
}

/** Returns the content of a file whose path may contain variables. Errors show the path as written, without their values. */
export function readReferencedFile(
  written: string,
  kind: "secret" | "content",
  context: ReferenceContext,
): Resolved {
  const path = interpolate(written, context, "hidden");
  return "problem" in path
    ? path
    : (kind === "secret" ? readSecretFile : readContentFile)(
        path.value,
        context,
        path.value === written ? undefined : written,
      );
}
