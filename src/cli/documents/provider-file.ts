import { dirname } from "node:path";
import { type DesiredState, ProviderError, type ProviderProblem } from "../../providers/index.js";
import { contentFieldNames, type FieldValues } from "../../providers/model/field-specs.js";
import { findDesiredStateProblems } from "../../providers/plan/desired/desired-state-problems.js";
import { isPlainObject } from "../../utils/is-plain-object.js";
import type { CommandContext } from "../command-context.js";
import { FileError, type FileProblem } from "../errors/file-error.js";
import { readStdin } from "../files/read-stdin.js";
import { readTextFile } from "../files/read-text-file.js";
import { secretFieldNames } from "../secret-field-names.js";
import type { ValuePath } from "../yaml/located-problems.js";
import { parseYaml } from "../yaml/parse-yaml.js";
import { type ResolvedYaml, resolveYaml, type ValueKind } from "../yaml/resolve-yaml.js";

/** The data of a provider file, with the places of its parts for error messages. */
export interface ProviderFile<T> {
  readonly value: T;
  /** Adds the place in the file to a problem of the value. Returns undefined if another problem is the cause. */
  locate(problem: ProviderProblem): FileProblem | undefined;
  /** Converts an error about the value into one about the file, with line and column. Returns any other error unchanged. */
  locateError(error: unknown): unknown;
}

/** Reads a desired state. Throws one FileError with all problems. Plain fields may read the variables in `allowEnv`. */
export async function readDesiredState(
  context: CommandContext,
  file: string,
  allowEnv: readonly string[] = [],
): Promise<ProviderFile<DesiredState>> {
  const yaml = await readDesiredData(context, file, allowEnv);
  return toProviderFile<DesiredState>(yaml, findDesiredStateProblems(yaml.value));
}

/**
 * Reads the data of a desired state without checking its form. Throws a FileError for mistakes in the syntax. Plain fields may read
 * the variables in `allowEnv`.
 */
export async function readDesiredData(
  context: CommandContext,
  file: string,
  allowEnv: readonly string[],
): Promise<ResolvedYaml> {
  const yaml = await readResolvedYaml(context, file, allowEnv, (path) => {
    const [owner] = path;
    return findValueKind(path, owner === "organizations" ? 4 : 3);
  });
  return { ...yaml, value: removeNotes(yaml.value) };
}

/** Reads a desired state. Leaves out the secrets whose variables or files are missing. Throws one FileError with all other problems. */
export async function readDesiredStateWithoutSecrets(
  context: CommandContext,
  file: string,
  allowEnv: readonly string[],
): Promise<ProviderFile<DesiredState>> {
  const yaml = await readDesiredData(context, file, allowEnv);
  // JSON has no undefined members, so this conversion removes the missing secrets.
  const value: unknown = JSON.parse(JSON.stringify(yaml.value));
  const found = { ...yaml, value, absentSecrets: [] };
  return toProviderFile<DesiredState>(found, findDesiredStateProblems(value));
}

/**
 * Removes the members that stand for comments, which JSON does not have: `$schema`, with which editors find the schema of the file, and
 * `$leftOut`, in which an export names legacy IDPs.
 */
function removeNotes(value: unknown): unknown {
  if (!isPlainObject(value)) {
    return value;
  }
  const isNote = ([name, each]: [string, unknown]): boolean =>
    (name === "$schema" && typeof each === "string") ||
    (name === "$leftOut" && Array.isArray(each));
  return Object.fromEntries(Object.entries(value).filter((member) => !isNote(member)));
}

/** Reads the settings of one provider. `add` checks them later. Plain fields may read the variables in `allowEnv`. */
export async function readProviderSettings(
  context: CommandContext,
  file: string,
  allowEnv: readonly string[] = [],
): Promise<ProviderFile<FieldValues>> {
  const yaml = await readResolvedYaml(context, file, allowEnv, (path) => findValueKind(path, 0));
  const message = "must be an object with the type and the fields of one provider";
  return toProviderFile<FieldValues>(
    yaml,
    isPlainObject(yaml.value) ? [] : [{ path: [], message }],
  );
}

async function readResolvedYaml(
  { env, stdin }: CommandContext,
  file: string,
  allowEnv: readonly string[],
  kindAt: (path: ValuePath) => ValueKind,
): Promise<ResolvedYaml> {
  const isPipe = file === "-";
  const text = isPipe
    ? await readStdin(stdin)
    : readTextFile(file, { content: "the providers", source: "the file argument" });
  const yaml = parseYaml(isPipe ? "(standard input)" : file, text);
  return resolveYaml(yaml, kindAt, { env, folder: isPipe ? "." : dirname(file), allowEnv });
}

/** Returns the kind of value at a path. `depth` is the number of steps from the root to a provider. */
function findValueKind(path: ValuePath, depth: number): ValueKind {
  const field = path.length === depth + 1 ? path[depth] : undefined;
  if (typeof field !== "string") {
    return "plain";
  }
  if (secretFieldNames.has(field)) {
    return "secret";
  }
  return contentFieldNames.has(field) ? "content" : "plain";
}

/** Throws a FileError if the file or its data has problems. */
function toProviderFile<T>(
  yaml: ResolvedYaml,
  dataProblems: readonly ProviderProblem[],
): ProviderFile<T> {
  const problems = [
    ...yaml.problems,
    ...yaml.absentSecrets,
    ...dataProblems.flatMap((each) => yaml.locate(each) ?? []),
  ];
  if (problems.length > 0) {
    throw new FileError(problems);
  }
  return {
    value: yaml.value as T,
    locate: (problem) => yaml.locate(problem),
    locateError: (error) =>
      error instanceof ProviderError && isAboutFile(error)
        ? new FileError(
            error.problems.flatMap((each) => yaml.locate(each) ?? []),
            { reason: error.reason, cause: error },
          )
        : error,
  };
}

function isAboutFile({ reason, problems }: ProviderError): boolean {
  return (
    (reason === "invalid" || reason === "not_expressible") &&
    problems.every(({ path }) => path[0] !== "rotate")
  );
}
