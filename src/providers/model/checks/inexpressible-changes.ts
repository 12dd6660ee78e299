import { isDeepEqual } from "../../../utils/is-deep-equal.js";
import type { ProviderProblem } from "../../provider-error.js";
import { getTypeFields, type FieldValues } from "../field-specs.js";
import { isNeverCleared } from "../kept-fields.js";
import type { ProviderType } from "../provider.js";

/** Returns the problems of changes that ZITADEL offers no way to make: clearing secrets, and fields that it always keeps. */
export function findInexpressibleChanges(
  type: ProviderType,
  given: FieldValues,
  before: FieldValues,
): ProviderProblem[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const isEmpty = value === "" || (Array.isArray(value) && value.length === 0);
    if (!isEmpty) {
      return [];
    }
    if (getTypeFields(type)[name]?.secret) {
      const message =
        "cannot be cleared: ZITADEL treats an empty secret as no change. Leave it out to keep the current secret";
      return [{ path: [name], message }];
    }
    const isStored = before[name] !== undefined && !isDeepEqual(before[name], value);
    return isNeverCleared(type, name) && isStored
      ? [
          {
            path: [name],
            message:
              "cannot be cleared: ZITADEL keeps the current value. Set another value, or delete the provider and add it again",
          },
        ]
      : [];
  });
}
