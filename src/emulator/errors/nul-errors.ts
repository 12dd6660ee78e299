import type { JsonValue } from "@bufbuild/protobuf";
import { type Lookup, lookupError } from "./lookup-error.js";
import { databaseError } from "./server-error.js";

/** Throws the error of a lookup of a text with a NUL. PostgreSQL has no such texts. */
export function rejectNulInLookup(lookup: Lookup, text: string): void {
  if (text.includes("\0")) {
    throw lookupError(lookup);
  }
}

/**
 * Throws the database's error for the payload of an event with a NUL. The secrets in a request may have one, because payloads
 * have them encrypted.
 */
export function rejectNulInPayload(payload: JsonValue | undefined): void {
  if (containsNul(payload)) {
    throw databaseError("ERROR: unsupported Unicode escape sequence (SQLSTATE 22P05)");
  }
}

function containsNul(value: JsonValue | undefined): boolean {
  return typeof value === "string"
    ? value.includes("\0")
    : typeof value === "object" && value !== null && Object.values(value).some(containsNul);
}
