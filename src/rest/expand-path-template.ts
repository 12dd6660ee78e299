import { alignPieces, fitsPattern } from "./match-path-template.js";
import type { PathTemplate, PathVariable } from "./path-template.js";
import { percentEncode } from "./percent-encoding.js";

/**
 * Returns the percent-encoded path for `values`, one per variable in order.
 *
 * Returns `undefined` if a value does not fit its variable: it is empty, or its segments differ from those of the sub-template. A
 * variable of one `*` encodes everything but `-_.~0-9A-Za-z`, including `/`; any other variable keeps the `/` between segments.
 * Throws a URIError for a lone surrogate.
 */
export function expandPathTemplate(
  template: PathTemplate,
  values: readonly string[],
): string | undefined {
  const { segments, variables, verb } = template;
  const path: string[] = [];
  let at = 0;
  for (const [index, variable] of variables.entries()) {
    const value = values[index] ?? "";
    if (!acceptsValue(template, variable, value)) {
      return undefined;
    }
    const pieces = splitVariableValue(template, variable, value);
    path.push(...segments.slice(at, variable.start), ...pieces.map(percentEncode));
    at = variable.end;
  }
  path.push(...segments.slice(at));
  return `/${path.join("/")}${verb && `:${verb}`}`;
}

/** Returns true if a value fits its variable. */
export function acceptsValue(
  template: PathTemplate,
  variable: PathVariable,
  value: string,
): boolean {
  const pattern = template.segments.slice(variable.start, variable.end);
  return fitsPattern(
    pattern,
    alignPieces(pattern, splitVariableValue(template, variable, value)),
    1,
  );
}

/** Splits the value of a variable into path segments. */
export function splitVariableValue(
  template: PathTemplate,
  variable: PathVariable,
  value: string,
): string[] {
  const single = variable.end - variable.start === 1 && template.segments[variable.start] === "*";
  return single ? [value] : value.split("/");
}
