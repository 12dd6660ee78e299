import { fieldsOf, type Plain } from "../model/convert-fields.js";
import { isSame } from "../model/normalize-fields.js";
import type { IdentityProvider } from "../model/provider.js";
import { fieldChanges, wantedFields } from "./compare-fields.js";
import { type DesiredProvider, partsOf } from "./desired-state.js";

/** The fields that distinguish providers of the same type, as far as the type has them. */
const telling = [
  "clientId",
  "issuer",
  "authorizationEndpoint",
  "servers",
  "baseDn",
  "keysEndpoint",
  "metadataXml",
] as const;

/** Compares an entry with a provider, apart from their names. */
export type Likeness = (
  entry: DesiredProvider,
  provider: IdentityProvider,
) => "same" | "similar" | "different";

/**
 * Creates a function that compares entries with providers. It returns `same` if all distinguishing fields are equal, or, for an
 * entry without any, if everything but the name is equal. It returns `similar` if only some of them are equal. The function
 * caches each entry, because an entry is compared with many providers. It must not outlive the plan.
 */
export function createLikeness(): Likeness {
  const descriptions = new Map<DesiredProvider, Description>();
  return (entry, provider) => {
    if (entry.type !== provider.type) {
      return "different";
    }
    const description = descriptions.get(entry) ?? describe(entry);
    descriptions.set(entry, description);
    const { wanted, fields } = description;
    const there = provider as unknown as Plain;
    const equal = fields.filter((field) => isSame(wanted[field], there[field])).length;
    const isSameProvider =
      fields.length > 0 ? equal === fields.length : fieldChanges(there, wanted).length === 0;
    return isSameProvider ? "same" : equal > 0 ? "similar" : "different";
  };
}

interface Description {
  /** The desired fields of the entry, without the name. */
  readonly wanted: Plain;
  /** The distinguishing fields among them. */
  readonly fields: readonly string[];
}

function describe(entry: DesiredProvider): Description {
  const { name: _name, ...wanted } = wantedFields(partsOf(entry).settings);
  const fields = telling.filter((field) => field in fieldsOf(entry.type) && field in wanted);
  return { wanted, fields };
}
