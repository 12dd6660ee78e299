import type { ChangedFields } from "./find-changed-fields.js";

/**
 * Returns the fields that an event can hold: all but empty lists and empty bytes. The server writes an event for these too, but the
 * stored values stay.
 */
export function withoutEmptyLists(fields: ChangedFields): ChangedFields {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => !((Array.isArray(value) || value instanceof Uint8Array) && value.length === 0),
    ),
  );
}
