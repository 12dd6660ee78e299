import type { ChangedFields } from "./find-changed-fields.js";

/**
 * Returns the fields without empty lists and empty bytes, which an event cannot hold. The server writes an event for such a change too,
 * but the stored values stay.
 */
export function withoutEmptyLists(fields: ChangedFields): ChangedFields {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => !((Array.isArray(value) || value instanceof Uint8Array) && value.length === 0),
    ),
  );
}
