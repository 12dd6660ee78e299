import { type Command, Option } from "commander";
import type { ProviderType } from "../../providers/index.js";
import type { CommandContext } from "../command-context.js";
import { UsageError } from "../errors/usage-error.js";
import type { ReferenceContext, ResolvedReference } from "../references/reference-context.js";
import { readContentFile, readSecretFile } from "../references/referenced-file.js";
import { secretFieldNames } from "../secret-field-names.js";
import { collectValues } from "./collect-values.js";
import { FieldAssignments } from "./field-assignments.js";

/** The options that set fields, each in the form `field=value`. */
export interface FieldOptions {
  readonly set: readonly string[];
  readonly setFile: readonly string[];
  readonly secretEnv: readonly string[];
  readonly secretFile: readonly string[];
}

/** Adds the options that set fields to a command. */
export function addFieldOptions(command: Command): Command {
  const createFieldOption = (flags: string, description: string): Option =>
    new Option(flags, description).default([], "none").argParser(collectValues);
  return command
    .addOption(
      createFieldOption(
        "--set <field=value>",
        "set a field, e.g. options.isAutoUpdate=true; for a list, repeat per entry or give JSON",
      ),
    )
    .addOption(
      createFieldOption(
        "--set-file <field=path>",
        "set a field to the content of a file, e.g. metadataXml",
      ),
    )
    .addOption(
      createFieldOption(
        "--secret-env <field=VARIABLE>",
        "set a secret field from an environment variable",
      ),
    )
    .addOption(createFieldOption("--secret-file <field=path>", "set a secret field from a file"));
}

/** Returns the fields that the options set. Throws one UsageError with all problems, which contains no value. */
export function readFieldOptions(
  type: ProviderType,
  options: FieldOptions,
  { env }: CommandContext,
): Record<string, unknown> {
  const fields = new FieldAssignments(type);
  const context = { env, folder: "." };
  const problems = [
    ...setFields("--set", options.set, (field, text) => setFromText(fields, field, text)),
    ...setFields("--set-file", options.setFile, (field, path) =>
      setFromFile(fields, field, path, context),
    ),
    ...setFields("--secret-env", options.secretEnv, (field, name) =>
      setFromVariable(fields, field, name, context),
    ),
    ...setFields("--secret-file", options.secretFile, (field, path) =>
      setFromSecretFile(fields, field, path, context),
    ),
  ];
  if (problems.length > 0) {
    throw new UsageError(problems.join("\n"));
  }
  return fields.values;
}

/** Sets the field of each `field=value` of a flag. Returns the problems. */
function setFields(
  flag: string,
  assignments: readonly string[],
  setField: (field: string, value: string) => string | undefined,
): string[] {
  return assignments.flatMap((assignment) => {
    const end = assignment.indexOf("=");
    if (end < 1) {
      return [`${flag}: must be field=value`];
    }
    const field = assignment.slice(0, end);
    const value = assignment.slice(end + 1);
    const problem =
      flag !== "--set" && value === ""
        ? "must not be empty after the =: check that your shell variable is set"
        : setField(field, value);
    return problem === undefined ? [] : [`${flag} ${field}: ${problem}`];
  });
}

function setFromText(fields: FieldAssignments, field: string, text: string): string | undefined {
  return secretFieldNames.has(field)
    ? `is a secret, and all users of this machine can see arguments: use --secret-env ${field}=VARIABLE or --secret-file ${field}=path`
    : fields.set(field, text, "entry");
}

function setFromFile(
  fields: FieldAssignments,
  field: string,
  path: string,
  context: ReferenceContext,
): string | undefined {
  const read = secretFieldNames.has(field) ? readSecretFile : readContentFile;
  return setResolved(fields, field, read(path, context));
}

function setFromVariable(
  fields: FieldAssignments,
  field: string,
  name: string,
  { env }: ReferenceContext,
): string | undefined {
  if (!secretFieldNames.has(field)) {
    return "is not a secret: use --set";
  }
  const value = env[name];
  if (value === undefined) {
    return "no environment variable of this name is set";
  }
  return value === ""
    ? `the variable ${name} is set but empty`
    : fields.set(field, value, "complete");
}

function setFromSecretFile(
  fields: FieldAssignments,
  field: string,
  path: string,
  context: ReferenceContext,
): string | undefined {
  return secretFieldNames.has(field)
    ? setResolved(fields, field, readSecretFile(path, context))
    : "is not a secret: use --set-file";
}

function setResolved(
  fields: FieldAssignments,
  field: string,
  resolved: ResolvedReference,
): string | undefined {
  return "problem" in resolved ? resolved.problem : fields.set(field, resolved.value, "complete");
}
