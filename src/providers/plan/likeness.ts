import { fieldsOf, type Plain } from "../model/fields.js";
import { isSame } from "../model/normal.js";
import type { IdentityProvider } from "../model/provider.js";
import { fieldChanges, wantedFields } from "./compare.js";
import { type DesiredProvider, partsOf } from "./desired.js";

/** Fields that tell one provider from another of the same type, as far as the type has them. */
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
 * Creates a function that tells if an entry describes a provider: `same` if all telling fields are equal (where the entry has none:
 * everything but the name), `similar` if only some of them are. It remembers each entry, because one is compared with many providers;
 * so it must not outlive the plan.
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
  /** The fields that the entry wants, without the name. */
  readonly wanted: Plain;
  /** Those of them that are telling. */
  readonly fields: readonly string[];
}

function describe(entry: DesiredProvider): Description {
  const { name: _name, ...wanted } = wantedFields(partsOf(entry).settings);
  const fields = telling.filter((field) => field in fieldsOf(entry.type) && field in wanted);
  return { wanted, fields };
}
