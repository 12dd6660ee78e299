import { type Command, Option } from "commander";
import type { FieldSpec } from "../../gen/providers.js";
import type { ProviderType } from "../providers/index.js";
import { isPlain, suggest } from "../providers/model/check.js";
import { fieldsOf, partOf } from "../providers/model/fields.js";
import type { Context } from "./context.js";
import { UsageError } from "./failure.js";
import { secretFields } from "./fields.js";
import { contentOf, type Resolved, secretOfFile } from "./references.js";

/** The options that give values to fields, as they were written: `field=value`. */
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
        "a field such as options.isAutoUpdate=true; again for each entry of a list, or a list in JSON",
      ),
    )
    .addOption(option("--set-file <field=path>", "a field from a file, such as metadataXml"))
    .addOption(option("--secret-env <field=VARIABLE>", "a secret from the environment"))
    .addOption(option("--secret-file <field=path>", "a secret from a file"));
}

export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** The fields that options give to a provider of a type. Throws a UsageError with all that is wrong; it repeats no value. */
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
            ? "must not be empty behind the =: is a variable of the shell not set?"
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
      ? `is a secret, and ps shows arguments to all users of the machine: use --secret-env ${field}=VARIABLE or --secret-file ${field}=path`
      : putField(values, type, field, text, false),
  );
  each("--set-file", options.setFile, (field, path) =>
    putResolved(field, (secretFields.has(field) ? secretOfFile : contentOf)(path, surroundings)),
  );
  each("--secret-env", options.secretEnv, (field, name) => {
    const value = env[name];
    return !secretFields.has(field)
      ? "is no secret: use --set"
      : value === undefined
        ? "the environment has no variable of this name"
        : value === ""
          ? `the variable ${name} is set but empty`
          : putField(values, type, field, value, true);
  });
  each("--secret-file", options.secretFile, (field, path) =>
    secretFields.has(field)
      ? putResolved(field, secretOfFile(path, surroundings))
      : "is no secret: use --set-file",
  );
  if (problems.length > 0) {
    throw new UsageError(problems.join("\n"));
  }
  return values;
}

/** Puts a value in its place. Gives what is wrong with it; whether the value itself is right is checked with all others. */
function putField(
  values: Record<string, unknown>,
  type: ProviderType,
  path: string,
  text: string,
  isWhole: boolean,
): string | undefined {
  const [name = "", inner, ...more] = path.split(".");
  const fields = fieldsOf(type);
  const spec = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (spec === undefined) {
    return `a provider of type ${type} has no ${name}; ${suggest(name, Object.keys(fields))}`;
  }
  if (inner === undefined) {
    return putValue(values, name, spec, text, isWhole);
  }
  const parts = spec.kind === "object" ? partOf(spec) : {};
  const part = Object.hasOwn(parts, inner) && more.length === 0 ? parts[inner] : undefined;
  if (part === undefined) {
    return spec.kind === "object"
      ? `${name} has no ${[inner, ...more].join(".")}; ${suggest(inner, Object.keys(parts))}`
      : `${name} has no parts`;
  }
  const holder = isPlain(values[name]) ? { ...values[name] } : {};
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
      return `is one entry with commas in it: repeat --set ${name}=… for each entry, or give a list in JSON: --set '${name}=["one","two"]'`;
    }
    // Once and empty is the empty list.
    const added = text === "" ? [] : [text];
    holder[name] = [...(Array.isArray(before) ? (before as unknown[]) : []), ...added];
    return undefined;
  }
  if (before !== undefined) {
    return "is given twice";
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
          ? `must be a list in JSON, with each entry in quotes: '${name}=["one","two"]'`
          : "must be JSON";
      }
    default:
      holder[name] = text;
      return undefined;
  }
}
