import { interpolate } from "./interpolate.js";
import type { ReferenceContext, ResolvedReference } from "./reference-context.js";

const wholeReference = /^\$\{([A-Za-z_]\w*)\}$/;

/** The error text for a secret that is not a reference. */
export const literalSecretProblem =
  "the file must not contain a secret itself: write ${NAME} for an environment variable, or { file: path }";

/** Returns the secret to which a text refers. The text must be exactly one `${NAME}`: the file must not contain the secret itself. */
export function resolveSecretReference(text: string, context: ReferenceContext): ResolvedReference {
  const name = findReferencedVariable(text);
  if (name === undefined) {
    return { problem: literalSecretProblem };
  }
  return context.env[name] === ""
    ? { problem: `the variable ${name} is set but empty`, isAbsent: true }
    : interpolate(text, context, "hidden");
}

/** Returns the name of the variable in a text that is exactly one `${NAME}`. Returns undefined for any other text. */
export function findReferencedVariable(text: string): string | undefined {
  return wholeReference.exec(text)?.[1];
}
