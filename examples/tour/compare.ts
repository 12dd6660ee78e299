import { Code, ConnectError } from "zitadel-idp";
import { ErrorDetailSchema } from "zitadel-idp/idp";
import type { Operation, Tour } from "./operations.js";

/** How one operation went on one wire. */
export interface Outcome {
  readonly ms: number;
  /** As the table shows it: "ok", or code and id of the error. */
  readonly result: string;
  /** Whether it went as the operation says. */
  readonly expected: boolean;
  /** Everything that must be the same on each wire, as text. */
  readonly content: string;
}

/** Runs one operation and keeps what can be compared. */
export async function attempt(operation: Operation, tour: Tour): Promise<Outcome> {
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
      result: "ok",
      expected: operation.fails === undefined,
      content: comparable(value, { ...ids, ...tour.ids }, tour.label),
    };
  }
  const code = codeName(error.code);
  const details = error.findDetails(ErrorDetailSchema).map(({ id, message }) => ({ id, message }));
  return {
    ms,
    result: [code, ...details.map(({ id }) => id)].join(" "),
    expected: operation.fails === code,
    content: comparable({ code, message: error.rawMessage, details }, ids, tour.label),
  };
}

/** The name of a code as gRPC writes it: `not_found`. */
function codeName(code: Code): string {
  return (Code[code] ?? String(code)).replace(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();
}

/** The value as text, without what differs from call to call: ids, times, sequences, and the label of the wire. */
function comparable(value: unknown, ids: Record<string, string>, label: string): string {
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
