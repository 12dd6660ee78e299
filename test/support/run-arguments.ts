import { parseArgs } from "node:util";

/** The properties of a command that runs the rows of a table. */
interface RunCommand {
  readonly usage: string;
  /** The ids that `--only` takes. */
  readonly ids: readonly string[];
  /** The names that `--allow-missing` takes. */
  readonly missing: readonly string[];
  /** The option that writes the table into a document. */
  readonly writeOption: "write-docs" | "write-readme";
}

/** The checked arguments of such a command. */
interface RunArguments {
  readonly only: readonly string[];
  readonly allowMissing: readonly string[];
  readonly writesTable: boolean;
  readonly json: boolean;
}

/** Reads the arguments of this process. Prints the usage and ends the process for `--help` and for invalid arguments. */
export function readRunArguments({ usage, ids, missing, writeOption }: RunCommand): RunArguments {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: "" },
      "allow-missing": { type: "string", multiple: true, default: [] },
      [writeOption]: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const only = splitList(values.only);
  const allowMissing = values["allow-missing"].flatMap(splitList);
  const writesTable = values[writeOption] === true;
  const problem =
    findUnknown("--only", only, ids) ??
    findUnknown("--allow-missing", allowMissing, missing) ??
    (writesTable && only.length > 0
      ? `--${writeOption} needs all rows: leave --only out`
      : undefined);
  if (problem !== undefined) {
    process.stderr.write(`${problem}\n${usage}\n`);
    process.exit(2);
  }
  return { only, allowMissing, writesTable, json: values.json };
}

function splitList(list: string): string[] {
  return list.split(",").filter((name) => name !== "");
}

function findUnknown(
  option: string,
  given: readonly string[],
  known: readonly string[],
): string | undefined {
  const unknown = given.find((name) => !known.includes(name));
  return unknown === undefined
    ? undefined
    : `${option}: unknown value ${unknown}; the values are ${known.join(", ")}`;
}
