import { isReflectList, isReflectMessage, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import { Code } from "@connectrpc/connect";
import { databaseProblem, problem } from "../problem.js";

/**
 * Throws the database's error for a request that contains a NUL. The database reports it when the event is written, after all
 * other checks.
 */
export function refuseNul(request: ReflectMessage): void {
  if (holdsNul(request)) {
    throw databaseProblem("ERROR: unsupported Unicode escape sequence (SQLSTATE 22P05)");
  }
}

/** Throws the server's error for a lookup of an id that contains a NUL. */
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
