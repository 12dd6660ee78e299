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

/**
 * Tells if an entry describes the same provider but for its name: `same` if all telling fields are equal, or everything but the name;
 * `similar` if only some of them are.
 */
export function likeness(
  entry: DesiredProvider,
  provider: IdentityProvider,
): "same" | "similar" | "different" {
  const { settings } = partsOf(entry);
  if (settings.type !== provider.type) {
    return "different";
  }
  const { name: _name, ...wanted } = wantedFields(settings);
  const there = provider as unknown as Plain;
  const fields = telling.filter((field) => field in fieldsOf(settings.type) && field in wanted);
  const equal = fields.filter((field) => isSame(wanted[field], there[field]));
  return (fields.length > 0 && equal.length === fields.length) ||
    fieldChanges(there, wanted).length === 0
    ? "same"
    : equal.length > 0
      ? "similar"
      : "different";
}
