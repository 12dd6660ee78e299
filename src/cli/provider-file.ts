import { dirname } from "node:path";
import { type DesiredState, ProviderError, type ProviderProblem } from "../providers/index.js";
import type { FieldValues } from "../providers/model/field-specs.js";
import { findDesiredStateProblems } from "../providers/plan/desired/desired-state-problems.js";
import { isPlainObject } from "../utils/is-plain-object.js";
import type { Context } from "./context.js";
import { secretFields } from "./fields.js";
import { FileError } from "./file-error.js";
import { readStdin, readText } from "./read-file.js";
import { type ResolvedYaml, resolveYaml, type Takes } from "./resolve-yaml.js";
import { parseYaml } from "./yaml-file.js";

/** The data of a file, with the places of its parts for error messages. */
export interface ProviderFile<T> {
  readonly value: T;
  /** Converts an error about the value into one about the file, with line and column. Returns any other error unchanged. */
  located(error: unknown): unknown;
}

/** Reads a desired state. Throws one FileError with all problems. Plain fields may read the variables in `allowEnv`. */
export async function readDesired(
  context: Context,
  file: string,
  allowEnv: readonly string[] = [],
): Promise<ProviderFile<DesiredState>> {
  const yaml = await resolve(context, file, allowEnv, (path) => {
    const [owner] = path;
    return takes(path, owner === "organizations" ? 4 : 3);
  });
  const value = withoutSchema(yaml.value);
  return checked<DesiredState>({ ...yaml, value }, findDesiredStateProblems(value));
}

/** Removes `$schema`, by which editors find the schema of a JSON file: JSON has no comments for that. */
function withoutSchema(value: unknown): unknown {
  if (!isPlainObject(value) || typeof value["$schema"] !== "string") {
    return value;
  }
  const { $schema: _schema, ...desired } = value;
  return desired;
}

/** Reads the settings of one provider. `add` checks them later. Plain fields may read the variables in `allowEnv`. */
export async function readSettings(
  context: Context,
  file: string,
  allowEnv: readonly string[] = [],
): Promise<ProviderFile<FieldValues>> {
  const yaml = await resolve(context, file, allowEnv, (path) => takes(path, 0));
  const message = "must be an object with the type and the fields of one provider";
  return checked<FieldValues>(yaml, isPlainObject(yaml.value) ? [] : [{ path: [], message }]);
}

async function resolve(
  { env, stdin }: Context,
  file: string,
  allowEnv: readonly string[],
  takesAt: (path: ProviderProblem["path"]) => Takes,
): Promise<ResolvedYaml> {
  const isPipe = file === "-";
  const text = isPipe
    ? await readStdin(stdin)
    : readText(file, { what: "the providers", name: "the file argument" });
  const yaml = parseYaml(isPipe ? "(standard input)" : file, text);
  return resolveYaml(yaml, takesAt, { env, folder: isPipe ? "." : dirname(file), allowEnv });
}

/** Returns the kind of value at a path. `depth` is the number of steps from the root to a provider. */
function takes(path: ProviderProblem["path"], depth: number): Takes {
  const field = path.length === depth + 1 ? path[depth] : undefined;
  return typeof field !== "string"
    ? "plain"
    : secretFields.has(field)
      ? "secret"
      : field === "metadataXml" || field === "rootCa"
        ? "content"
        : "plain";
}

function checked<T>(yaml: ResolvedYaml, found: readonly ProviderProblem[]): ProviderFile<T> {
  const problems = [...yaml.problems, ...found.flatMap((each) => yaml.locate(each) ?? [])];
  if (problems.length > 0) {
    throw new FileError(problems);
  }
  return {
    value: yaml.value as T,
    located: (error) =>
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
