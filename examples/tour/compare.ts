import { Code, ConnectError } from "zitadel-idp";
import { ErrorDetailSchema } from "zitadel-idp/idp";
import type { Operation, Tour } from "./operations.js";

/** The result of one operation over one wire protocol. */
export interface OperationResult {
  readonly ms: number;
  /** The text for the table: "ok", or the code and id of the error. */
  readonly text: string;
  /** True if the operation succeeded or failed as expected. */
  readonly isExpected: boolean;
  /** The parts of the result that must be the same over each wire protocol, as text. */
  readonly content: string;
}

/** Runs one operation and returns its result. */
export async function runOperation(operation: Operation, tour: Tour): Promise<OperationResult> {
  const ids = { ...tour.ids };
  const start = performance.now();
  let value: unknown;
  let error: ConnectError | undefined;
  try {
    value = await operation.run(tour);
  } catch (reason) {
    error = ConnectError.from(reason);
  }
  const ms = performance.now() - start;
  if (error === undefined) {
    return {
      ms,
      text: "ok",
      isExpected: operation.fails === undefined,
      content: toComparableText(value, { ...ids, ...tour.ids }, tour.label),
    };
  }
  const code = formatCode(error.code);
  const details = error.findDetails(ErrorDetailSchema).map(({ id, message }) => ({ id, message }));
  return {
    ms,
    text: [code, ...details.map(({ id }) => id)].join(" "),
    isExpected: operation.fails === code,
    content: toComparableText({ code, message: error.rawMessage, details }, ids, tour.label),
  };
}

/** Formats a code in the spelling of Connect: `not_found`. */
function formatCode(code: Code): string {
  return (Code[code] ?? String(code)).replace(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();
}

/** Converts a value to text without the parts that differ between calls: ids, times, sequences, and the label of the tour. */
function toComparableText(value: unknown, ids: Record<string, string>, label: string): string {
  const names = new Map(Object.entries(ids).map(([name, id]) => [id, `<${name}>`]));
  return JSON.stringify(value, (key, each: unknown) => {
    if (key === "sequence" || key === "creationDate" || key === "changeDate") {
      return each === undefined ? undefined : `<${key}>`;
    }
    if (typeof each === "bigint") {
      return String(each);
    }
    return typeof each === "string" ? (names.get(each) ?? each.replaceAll(label, "<label>")) : each;
  });
}
