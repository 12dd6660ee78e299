import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";

/** Where references lead. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder from which paths of files count. */
  readonly folder: string;
}

/** The value of a reference, or what is wrong with it. */
export type Resolved = { readonly value: string } | { readonly problem: string };

const whole = /^\$\{([A-Za-z_]\w*)\}$/;
const parts = /\$\$\{|\$\{([A-Za-z_]\w*)\}|\$\{/g;

/** Text in which `${NAME}` stands for a variable of the environment, and `$${` for `${` itself. */
export function interpolate(text: string, { env }: Surroundings): Resolved {
  const problems: string[] = [];
  const value = text.replace(parts, (found, name?: string) => {
    if (found === "$${") {
      return "${";
    }
    const given = name === undefined ? undefined : env[name];
    if (given === undefined) {
      problems.push(
        name === undefined
          ? "${ must be followed by the name of a variable and }; write $${ for ${ itself"
          : `the environment has no variable ${name}; write $\${ for \${ itself`,
      );
    }
    return given ?? "";
  });
  return problems.length > 0 ? { problem: [...new Set(problems)].join("; ") } : { value };
}

/** What keeps text that is written to a file from being taken for a reference. */
export function escapeReferences(text: string): string {
  return text.replaceAll("${", () => "$${");
}

/** What is told where something else than a reference stands in the place of a secret. */
export const noReference =
  "a secret must not stand in the file: write ${NAME} for a variable of the environment, or { file: path }";

/** A secret: it may not stand in the file, so all of the text must be one variable. */
export function secretOfText(text: string, surroundings: Surroundings): Resolved {
  return whole.test(text) ? interpolate(text, surroundings) : { problem: noReference };
}

/**
 * Returns the content of a file that holds a secret, which must be text. One line end at its end, which editors write, and a byte
 * order mark are not part of the secret; further line ends are, so that whoever checks the secret reports them.
 */
export function secretOfFile(path: string, surroundings: Surroundings): Resolved {
  const bytes = bytesOf(path, surroundings);
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
export function contentOf(path: string, surroundings: Surroundings): Resolved {
  const bytes = bytesOf(path, surroundings);
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

function bytesOf(path: string, { folder }: Surroundings): Buffer | { readonly problem: string } {
  try {
    return readFileSync(isAbsolute(path) ? path : join(folder, path));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    const why = reasons[code] ?? code;
    return { problem: `cannot read the file ${JSON.stringify(path)}: ${why}` };
  }
}

/** Returns bytes as text; undefined if they are not UTF-8. */
function textOf(bytes: Buffer): string | undefined {
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) ? text : undefined;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is none",
  EACCES: "no permission",
  EISDIR: "it is a folder",
};
