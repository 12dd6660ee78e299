import { isReflectList, isReflectMessage, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import { Code } from "@connectrpc/connect";
import { databaseProblem, problem } from "../problem.js";

/** The database stores no NUL. It says so when the event is written, after all other checks. */
export function refuseNul(request: ReflectMessage): void {
  if (holdsNul(request)) {
    throw databaseProblem("ERROR: unsupported Unicode escape sequence (SQLSTATE 22P05)");
  }
}

/** The same for an id that is looked up. */
export function refuseNulId(id: string): void {
  if (id.includes("\0")) {
    throw problem(Code.Internal, "QUERY-ADG42", "Errors.Internal");
  }
}

function holdsNul(value: unknown): boolean {
  if (typeof value === "string") {
    return value.includes("\0");
  }
  if (isReflectList(value)) {
    return [...value].some(holdsNul);
  }
  return (
    isReflectMessage(value) &&
    value.fields.some((field) => value.isSet(field) && holdsNul(value.get(field)))
  );
}
