import { isDeepEqual } from "../../utils/is-deep-equal.js";
import { isPlainObject } from "../../utils/is-plain-object.js";
import type { FieldValues } from "../model/field-specs.js";
import type { FieldChange } from "./actions.js";
import { sort } from "../../utils/sort.js";

/** Returns the changes that turn `current` into `desired`, by paths. */
export function compareFields(
  current: FieldValues,
  desired: FieldValues,
  path = "",
): FieldChange[] {
  return Object.entries(desired).flatMap(([name, to]) => {
    const from = current[name];
    if (isPlainObject(to) && isPlainObject(from)) {
      return compareFields(from, to, `${path}${name}.`);
    }
    return isDeepEqual(toSortedScopes(name, from), toSortedScopes(name, to))
      ? []
      : [{ field: `${path}${name}`, from, to }];
  });
}

/** Sorts scopes and removes duplicates: neither their order nor a repeated scope has a meaning (RFC 6749, section 3.3). */
function toSortedScopes(name: string, value: unknown): unknown {
  return name === "scopes" && Array.isArray(value)
    ? sort(new Set<string>(value), (a, b) => (a < b ? -1 : 1))
    : value;
}
