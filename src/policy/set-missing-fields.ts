import type { HeaderFields } from "../transport/run-attempt.js";

/** Sets each default header that a request does not have itself. The header fields are changed in place. */
export function setMissingFields(fields: HeaderFields, defaults: Readonly<HeaderFields>): void {
  for (const name in defaults) {
    if (!Object.hasOwn(fields, name)) {
      fields[name] = defaults[name] as string;
    }
  }
}
