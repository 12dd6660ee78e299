import { isAbsolute, join } from "node:path";
import { isAllowedVariable } from "./allow-env.js";
import { readBytes } from "./read-file.js";
import { isFileContent, shownPath } from "./secret-looking.js";

/** The environment and the folder that references lead to. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder from which paths of files count. */
  readonly folder: string;
  /** The variables that `--allow-env` and the profile let plain fields read. Default: none. */
  readonly allowEnv?: readonly string[];
}

/** The value of a reference, or what is wrong with it. */
export type Resolved = { readonly value: string } | { readonly problem: string };

const whole = /^\$\{([A-Za-z_]\w*)\}$/;
const parts = /\$\$\{|\$\{([A-Za-z_]\w*)\}|\$\{/g;

/**
 * Returns a text in which `${NAME}` stands for a variable of the environment, and `$${` for `${` itself. The text of a plain
 * field is shown in plans and errors, so there only variables that the user allows may be read.
 */
export function interpolate(
  text: string,
  surroundings: Surroundings,
  field: "plain" | "hidden",
): Resolved {
  const problems = new Set<string>();
  const value = text.replace(parts, (found, name?: string) => {
    if (found === "$${") {
      return "${";
    }
    const given = name === undefined ? undefined : surroundings.env[name];
    const problem = variableProblem(name, given, surroundings, field);
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
  { allowEnv = [] }: Surroundings,
  field: "plain" | "hidden",
): string | undefined {
  if (name === undefined) {
    return "${ must be followed by the name of a variable and }; write $${ for ${ itself";
  }
  if (value === undefined) {
    return `the environment has no variable ${name}; write $\${ for \${ itself`;
  }
  return field === "plain" && !isAllowedVariable(name, allowEnv)
    ? `would show the variable ${name}, because this field is no secret; allow that with --allow-env ${name}, or write $\${ for \${ itself`
    : undefined;
}

/** Escapes text that is written to a file, so that no part of it is taken for a reference. */
export function escapeReferences(text: string): string {
  return text.replaceAll("${", () => "$${");
}

/** The problem of a secret that is not a reference. */
export const noReference =
  "a secret must not stand in the file: write ${NAME} for a variable of the environment, or { file: path }";

/** Returns a secret. It may not stand in the file, so all of the text must be one variable. */
export function secretOfText(text: string, surroundings: Surroundings): Resolved {
  const name = whole.exec(text)?.[1];
  if (name === undefined) {
    return { problem: noReference };
  }
  return surroundings.env[name] === ""
    ? { problem: `the variable ${name} is set but empty` }
    : interpolate(text, surroundings, "hidden");
}

/**
 * Returns the content of a file that holds a secret, which must be text. One line end at its end, which editors write, and a byte
 * order mark are not part of the secret; further line ends are, so that the check of the secret reports them. Errors show `written`
 * in the place of a path that came from a variable.
 */
export function secretOfFile(path: string, surroundings: Surroundings, written?: string): Resolved {
  const bytes = bytesOf(path, surroundings, written);
  if ("problem" in bytes) {
    return bytes;
  }
  const text = textOf(bytes);
  return text === undefined
    ? {
        problem:
          "a secret must be text in UTF-8: save the file as such (the > of Windows PowerShell writes UTF-16)",
      }
    : { value: text.replace(/^\ufeff/, "").replace(/\r?\n$/, "") };
}

/** Returns the content of a file: as text, or as `base64:` and the bytes if it is no text. */
export function contentOf(path: string, surroundings: Surroundings, written?: string): Resolved {
  const bytes = bytesOf(path, surroundings, written);
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
  { folder }: Surroundings,
  written: string | undefined,
): Buffer | { readonly problem: string } {
  const result = readBytes(isAbsolute(path) ? path : join(folder, path));
  if ("reason" in result) {
    const shown = written === undefined ? shownPath(path) : JSON.stringify(written);
    const help = isFileContent(path) ? contentHelp(written) : "";
    return { problem: `cannot read the file ${shown}: ${result.reason}${help}` };
  }
  return result.bytes;
}

/** Returns bytes as text; undefined if they are not UTF-8. */
function textOf(bytes: Buffer): string | undefined {
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) ? text : undefined;
}

function contentHelp(written: string | undefined): string {
  const name = written === undefined ? undefined : whole.exec(written)?.[1];
  return name === undefined
    ? "; it holds the content of a file, not its path"
    : `; ${name} holds the content itself, not a path: write \${${name}} in the place of { file: … }`;
}

/** Returns the content of a file whose path may hold variables. Errors show the path as it is written. */
export function referencedFile(
  written: string,
  kind: "secret" | "content",
  surroundings: Surroundings,
): Resolved {
  const path = interpolate(written, surroundings, "hidden");
  return "problem" in path
    ? path
    : (kind === "secret" ? secretOfFile : contentOf)(
        path.value,
        surroundings,
        path.value === written ? undefined : written,
      );
}
