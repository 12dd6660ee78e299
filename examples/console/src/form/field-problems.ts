import type { ProviderProblem } from "zitadel-idp/providers";

type Path = ProviderProblem["path"];

/** Returns the id of the input of a field. Problems link to it. */
export function toFieldId(path: Path): string {
  return ["field", ...path].join("-");
}

/** Returns the problems of a field or of anything inside of it. */
export function filterProblemsWithin(
  problems: readonly ProviderProblem[],
  path: Path,
): readonly ProviderProblem[] {
  return problems.filter((problem) => path.every((step, at) => problem.path[at] === step));
}

/** Returns the problems of exactly this field. */
export function filterProblemsAt(
  problems: readonly ProviderProblem[],
  path: Path,
): readonly ProviderProblem[] {
  return filterProblemsWithin(problems, path).filter(
    (problem) => problem.path.length === path.length,
  );
}
