import { isReflectList, isReflectMessage, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import { Code } from "@connectrpc/connect";
import { databaseError, serverError } from "../errors/server-error.js";

/**
 * Throws the database's error for a request that contains a NUL. The database reports it when the event is written, after all
 * other checks.
 */
export function rejectNul(request: ReflectMessage): void {
  if (containsNul(request)) {
    throw databaseError("ERROR: unsupported Unicode escape sequence (SQLSTATE 22P05)");
  }
}

/** Throws the server's error for a lookup of an id that contains a NUL. */
export function rejectNulInId(id: string): void {
  if (id.includes("\0")) {
    throw serverError(Code.Internal, "QUERY-ADG42", "Errors.Internal");
  }
}

function containsNul(value: unknown): boolean {
  if (typeof value === "string") {
    return value.includes("\0");
  }
  if (isReflectList(value)) {
    return [...value].some(containsNul);
  }
  return (
    isReflectMessage(value) &&
    value.fields.some((field) => value.isSet(field) && containsNul(value.get(field)))
  );
}
