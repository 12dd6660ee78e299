import type { Finding } from "../lint/finding.js";
import { lintDesiredState, type LocatedFinding } from "../lint/lint-desired-state.js";
import { toDesiredOwners, type DesiredState } from "../providers/plan/desired/desired-state.js";
import { findDesiredStateProblems } from "../providers/plan/desired/desired-state-problems.js";
import { findDesiredValueProblems } from "../providers/plan/desired/desired-value-problems.js";
import { placeKey, selectValidParts } from "../providers/plan/desired/select-valid-parts.js";
import type { CommandContext } from "./command-context.js";
import { readDesiredData } from "./documents/provider-file.js";
import { FileError } from "./errors/file-error.js";
import { toAbsentSecretFinding } from "./report/absent-secret-finding.js";
import type { ResolvedYaml } from "./yaml/resolve-yaml.js";

/** The options of the checks of a file. */
interface ValidateFileOptions {
  /** The environment variables that plain fields may read. */
  readonly allowEnv: readonly string[];
  /** True to report missing secrets as findings instead of problems. */
  readonly allowMissingSecrets: boolean;
}

/** A finding with its place in a file. */
export interface FileFinding extends Finding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The result of the checks of a file. */
export interface FileReport {
  /** The error with all problems of the file. Undefined if there are none. */
  readonly error: FileError | undefined;
  readonly findings: readonly FileFinding[];
  /** The number of entries. */
  readonly checked: number;
}

/**
 * Checks a file with all rules that need no server: syntax, form, references, values, and the lint rules. Checks values as those of new
 * providers, because only the server knows the values of existing ones.
 */
export async function validateFile(
  context: CommandContext,
  file: string,
  { allowEnv, allowMissingSecrets }: ValidateFileOptions,
): Promise<FileReport> {
  let yaml: ResolvedYaml;
  try {
    yaml = await readDesiredData(context, file, allowEnv);
  } catch (error) {
    if (error instanceof FileError) {
      return { error, findings: [], checked: 0 };
    }
    throw error;
  }
  const formProblems = findDesiredStateProblems(yaml.value);
  const valid = selectValidParts(yaml.value, formProblems);
  const dataProblems = [...formProblems, ...findDesiredValueProblems(valid)];
  const problems = [
    ...yaml.problems,
    ...(allowMissingSecrets ? [] : yaml.absentSecrets),
    ...dataProblems.flatMap((each) => yaml.locate(each) ?? []),
  ];
  const invalidPlaces = new Set(dataProblems.map(({ path }) => placeKey(path)));
  const lintFindings = placeFindings(
    lintDesiredState(valid).filter(({ path }) => !invalidPlaces.has(placeKey(path))),
    yaml,
  );
  const absentSecrets = allowMissingSecrets
    ? yaml.absentSecrets.map((each) => toAbsentSecretFinding(each, yaml.value))
    : [];
  return {
    error: problems.length > 0 ? new FileError(problems) : undefined,
    findings: [...lintFindings, ...absentSecrets].toSorted(comparePlaces),
    checked: countEntries(valid),
  };
}

/** Adds their places in the file to findings, and sorts them by place. Leaves out findings about values that could not be resolved. */
export function placeFindings(
  findings: readonly LocatedFinding[],
  file: Pick<ResolvedYaml, "locate">,
): FileFinding[] {
  return findings
    .flatMap(({ finding, path }) => {
      const place = file.locate({ path, message: finding.message });
      return place === undefined
        ? []
        : [{ ...finding, file: place.file, line: place.line, column: place.column }];
    })
    .toSorted(comparePlaces);
}

function comparePlaces(a: FileFinding, b: FileFinding): number {
  return a.line - b.line || a.column - b.column;
}

function countEntries(state: DesiredState): number {
  return toDesiredOwners(state).reduce((sum, { desired }) => sum + desired.providers.length, 0);
}
