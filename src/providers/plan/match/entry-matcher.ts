import { isDeepEqual } from "../../../utils/is-deep-equal.js";
import { getTypeFields, type FieldValues, toFieldValues } from "../../model/field-specs.js";
import type { IdentityProvider } from "../../model/provider.js";
import { compareFields } from "../compare-fields.js";
import { splitEntry } from "../desired/desired-entry.js";
import { toDesiredFields } from "../desired/desired-fields.js";
import type { DesiredProvider } from "../desired/desired-state.js";

/** The fields that distinguish providers of the same type, as far as the type has them. */
const distinguishingFields = [
  "clientId",
  "issuer",
  "authorizationEndpoint",
  "servers",
  "baseDn",
  "keysEndpoint",
  "metadataXml",
] as const;

/** Compares an entry with a provider, apart from their names. */
export type EntryMatcher = (
  entry: DesiredProvider,
  provider: IdentityProvider,
) => "same" | "similar" | "different";

/**
 * Creates a function that compares entries with providers. It returns `same` if all distinguishing fields are equal. For an entry without
 * distinguishing fields, it returns `same` if all fields but the name are equal. It returns `similar` if only some distinguishing fields
 * are equal. The function caches each entry, because an entry is compared with many providers, so use it for one plan only.
 */
export function createEntryMatcher(): EntryMatcher {
  const descriptions = new Map<DesiredProvider, EntryDescription>();
  return (entry, provider) => {
    if (entry.type !== provider.type) {
      return "different";
    }
    const description = descriptions.get(entry) ?? describeEntry(entry);
    descriptions.set(entry, description);
    return compareWithProvider(description, toFieldValues(provider));
  };
}

interface EntryDescription {
  /** The desired fields of the entry, without the name. */
  readonly desired: FieldValues;
  /** The names of the distinguishing fields among them. */
  readonly distinguishing: readonly string[];
}

function describeEntry(entry: DesiredProvider): EntryDescription {
  const { name: _name, ...desired } = toDesiredFields(splitEntry(entry).settings);
  const distinguishing = distinguishingFields.filter(
    (field) => field in getTypeFields(entry.type) && field in desired,
  );
  return { desired, distinguishing };
}

function compareWithProvider(
  { desired, distinguishing }: EntryDescription,
  current: FieldValues,
): ReturnType<EntryMatcher> {
  const equal = distinguishing.filter((field) => isDeepEqual(desired[field], current[field]));
  const isSame =
    distinguishing.length > 0
      ? equal.length === distinguishing.length
      : compareFields(current, desired).length === 0;
  return isSame ? "same" : equal.length > 0 ? "similar" : "different";
}
