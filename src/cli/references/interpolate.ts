import { isAllowedVariable } from "./allowed-variables.js";
import type { ReferenceContext, ResolvedReference } from "./reference-context.js";

const reference = /\$\$\{|\$\{([A-Za-z_]\w*)\}|\$\{/g;

/**
 * Replaces each `${NAME}` in a text with the environment variable, and `$${` with a literal `${`. Plans and errors show the text of plain
 * fields, so plain fields may read only the variables that the user allows.
 */
export function interpolate(
  text: string,
  context: ReferenceContext,
  field: "plain" | "hidden",
): ResolvedReference {
  const problems = new Set<string>();
  let isAbsent = true;
  const value = text.replace(reference, (match, name?: string) => {
    if (match === "$${") {
      return "${";
    }
    const content = name === undefined ? undefined : context.env[name];
    const problem = findVariableProblem(name, content, context, field);
    if (problem !== undefined) {
      problems.add(problem);
      isAbsent &&= name !== undefined && content === undefined;
    }
    return content ?? "";
  });
  return problems.size > 0 ? { problem: [...problems].join("; "), isAbsent } : { value };
}

function findVariableProblem(
  name: string | undefined,
  content: string | undefined,
  { allowEnv = [] }: ReferenceContext,
  field: "plain" | "hidden",
): string | undefined {
  if (name === undefined) {
    return "${ must be followed by the name of a variable and }; write $${ for a literal ${";
  }
  if (content === undefined) {
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
