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

/** The content of a file that holds a secret: one line break at its end is not a part of it. */
export function secretOfFile(path: string, surroundings: Surroundings): Resolved {
  const content = contentOf(path, surroundings);
  return "problem" in content
    ? content
    : { value: content.value.replace(/^\ufeff/, "").replace(/\r?\n$/, "") };
}

/** The content of a file: as text, or `base64:` and what is none. */
export function contentOf(path: string, { folder }: Surroundings): Resolved {
  let bytes: Buffer;
  try {
    bytes = readFileSync(isAbsolute(path) ? path : join(folder, path));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    const why = reasons[code] ?? code;
    return { problem: `cannot read the file ${JSON.stringify(path)}: ${why}` };
  }
  const text = bytes.toString("utf8");
  const isText = Buffer.from(text, "utf8").equals(bytes) && !text.startsWith("base64:");
  return { value: isText ? text : `base64:${bytes.toString("base64")}` };
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is none",
  EACCES: "no permission",
  EISDIR: "it is a folder",
};
