import { type Command, Option } from "commander";
import type { FieldSpec } from "../../gen/providers.js";
import type { ProviderType } from "../providers/index.js";
import { suggestField } from "../providers/model/checks/suggest-name.js";
import { fieldsOfPart, fieldsOfType } from "../providers/model/field-specs.js";
import { isPlainObject } from "../utils/is-plain-object.js";
import type { Context } from "./context.js";
import { UsageError } from "./failure.js";
import { secretFields } from "./fields.js";
import { contentOf, type Resolved, secretOfFile } from "./references.js";

/** The options that set fields, each in the form `field=value`. */
export interface SettingOptions {
  readonly set: readonly string[];
  readonly setFile: readonly string[];
  readonly secretEnv: readonly string[];
  readonly secretFile: readonly string[];
}

export function addSettingOptions(command: Command): Command {
  const option = (flags: string, what: string): Option =>
    new Option(flags, what).default([], "none").argParser(collect);
  return command
    .addOption(
      option(
        "--set <field=value>",
        "set a field, e.g. options.isAutoUpdate=true; for a list, repeat per entry or give JSON",
      ),
    )
    .addOption(
      option("--set-file <field=path>", "set a field to the content of a file, e.g. metadataXml"),
    )
    .addOption(
      option("--secret-env <field=VARIABLE>", "set a secret field from an environment variable"),
    )
    .addOption(option("--secret-file <field=path>", "set a secret field from a file"));
}

/** Appends a value of an option that may be repeated. */
export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** Returns the fields that options set on a provider. Throws one UsageError with all problems, which repeats no value. */
export function settingsOf(
  type: ProviderType,
  options: SettingOptions,
  { env }: Context,
): Record<string, unknown> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  const surroundings = { env, folder: "." };
  const each = (
    flag: string,
    texts: readonly string[],
    put: (field: string, text: string) => string | undefined,
  ): void => {
    for (const text of texts) {
      const end = text.indexOf("=");
      const problem =
        end < 1
          ? "must be field=value"
          : flag !== "--set" && text.length === end + 1
            ? "must not be empty after the =: check that your shell variable is set"
            : put(text.slice(0, end), text.slice(end + 1));
      if (problem !== undefined) {
        problems.push(`${flag}${end < 1 ? "" : ` ${text.slice(0, end)}`}: ${problem}`);
      }
    }
  };
  const putResolved = (field: string, resolved: Resolved): string | undefined =>
    "problem" in resolved ? resolved.problem : putField(values, type, field, resolved.value, true);

  each("--set", options.set, (field, text) =>
    secretFields.has(field)
      ? `is a secret, and all users of this machine can see arguments: use --secret-env ${field}=VARIABLE or --secret-file ${field}=path`
      : putField(values, type, field, text, false),
  );
  each("--set-file", options.setFile, (field, path) =>
    putResolved(field, (secretFields.has(field) ? secretOfFile : contentOf)(path, surroundings)),
  );
  each("--secret-env", options.secretEnv, (field, name) => {
    const value = env[name];
    return !secretFields.has(field)
      ? "is not a secret: use --set"
      : value === undefined
        ? "no environment variable of this name is set"
        : value === ""
          ? `the variable ${name} is set but empty`
          : putField(values, type, field, value, true);
  });
  each("--secret-file", options.secretFile, (field, path) =>
    secretFields.has(field)
      ? putResolved(field, secretOfFile(path, surroundings))
      : "is not a secret: use --set-file",
  );
  if (problems.length > 0) {
    throw new UsageError(problems.join("\n"));
  }
  return values;
}

/** Sets a field or a part of it. Returns the problem, if there is one. The value itself is checked later, with all others. */
function putField(
  values: Record<string, unknown>,
  type: ProviderType,
  path: string,
  text: string,
  isWhole: boolean,
): string | undefined {
  const [name = "", inner, ...more] = path.split(".");
  const fields = fieldsOfType(type);
  const spec = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (spec === undefined) {
    return `a provider of type ${type} has no ${name}; ${suggestField(name, Object.keys(fields))}`;
  }
  if (inner === undefined) {
    return putValue(values, name, spec, text, isWhole);
  }
  const parts = spec.kind === "object" ? fieldsOfPart(spec) : {};
  const part = Object.hasOwn(parts, inner) && more.length === 0 ? parts[inner] : undefined;
  if (part === undefined) {
    return spec.kind === "object"
      ? `${name} has no ${[inner, ...more].join(".")}; ${suggestField(inner, Object.keys(parts))}`
      : `${name} has no parts`;
  }
  const holder = isPlainObject(values[name]) ? { ...values[name] } : {};
  values[name] = holder;
  return putValue(holder, inner, part, text, isWhole);
}

function putValue(
  holder: Record<string, unknown>,
  name: string,
  spec: FieldSpec,
  text: string,
  isWhole: boolean,
): string | undefined {
  const before = holder[name];
  if (spec.kind === "texts" && !isWhole && !text.startsWith("[")) {
    if (text.includes(",")) {
      return `is a single entry with a comma: repeat --set ${name}=… for each entry, or pass a JSON list: --set '${name}=["one","two"]'`;
    }
    // An empty text stands for the empty list.
    const added = text === "" ? [] : [text];
    holder[name] = [...(Array.isArray(before) ? (before as unknown[]) : []), ...added];
    return undefined;
  }
  if (before !== undefined) {
    return "is set twice";
  }
  switch (spec.kind) {
    case "flag":
      holder[name] = text === "true" ? true : text === "false" ? false : text;
      return undefined;
    case "texts":
    case "object":
    case "objects":
      try {
        holder[name] = JSON.parse(text) as unknown;
        return undefined;
      } catch {
        return spec.kind === "texts"
          ? `must be a JSON list with each entry in quotes: '${name}=["one","two"]'`
          : "must be JSON";
      }
    default:
      holder[name] = text;
      return undefined;
  }
}
