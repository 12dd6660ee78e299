import { isDeepEqual } from "../../utils/is-deep-equal.js";
import { fieldsOfType, type FieldValues } from "../model/field-specs.js";
import type { IdentityProvider } from "../model/provider.js";
import { compareFields, toDesiredFields } from "./compare-fields.js";
import { type DesiredProvider, splitEntry } from "./desired-state.js";

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
 * Creates a function that compares entries with providers. It returns `same` if all distinguishing fields are equal, or, for an
 * entry without any, if everything but the name is equal. It returns `similar` if only some of them are equal. The function
 * caches each entry, because an entry is compared with many providers. It must not outlive the plan.
 */
export function createEntryMatcher(): EntryMatcher {
  const descriptions = new Map<DesiredProvider, EntryDescription>();
  return (entry, provider) => {
    if (entry.type !== provider.type) {
      return "different";
    }
    const description = descriptions.get(entry) ?? describeEntry(entry);
    descriptions.set(entry, description);
    const { wanted, fields } = description;
    const there = provider as unknown as FieldValues;
    const equal = fields.filter((field) => isDeepEqual(wanted[field], there[field])).length;
    const isSameProvider =
      fields.length > 0 ? equal === fields.length : compareFields(there, wanted).length === 0;
    return isSameProvider ? "same" : equal > 0 ? "similar" : "different";
  };
}

interface EntryDescription {
  /** The desired fields of the entry, without the name. */
  readonly wanted: FieldValues;
  /** The distinguishing fields among them. */
  readonly fields: readonly string[];
}

function describeEntry(entry: DesiredProvider): EntryDescription {
  const { name: _name, ...wanted } = toDesiredFields(splitEntry(entry).settings);
  const fields = distinguishingFields.filter(
    (field) => field in fieldsOfType(entry.type) && field in wanted,
  );
  return { wanted, fields };
}
