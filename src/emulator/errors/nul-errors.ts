import type { JsonValue } from "@bufbuild/protobuf";
import { type Lookup, createLookupError } from "./lookup-error.js";
import { createDatabaseError } from "./server-error.js";

/** Throws the error of a lookup if `text` has a NUL, which PostgreSQL cannot store in a text. */
export function rejectNulInLookup(lookup: Lookup, text: string): void {
  if (text.includes("\0")) {
    throw createLookupError(lookup);
  }
}

/**
 * Throws the database's error if the payload of an event has a NUL. A secret in a request may have one, because payloads have only
 * encrypted secrets.
 */
export function rejectNulInPayload(payload: JsonValue | undefined): void {
  if (containsNul(payload)) {
    throw createDatabaseError("ERROR: unsupported Unicode escape sequence (SQLSTATE 22P05)");
  }
}

function containsNul(value: JsonValue | undefined): boolean {
  return typeof value === "string"
    ? value.includes("\0")
    : typeof value === "object" && value !== null && Object.values(value).some(containsNul);
}
