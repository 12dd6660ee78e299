import type { ProviderType } from "./provider.js";

/**
 * Returns true for a field that cannot be cleared: ZITADEL keeps its value if an update leaves it out or empties it. An update replaces
 * all other fields.
 */
export function isNeverCleared(type: ProviderType, field: string): boolean {
  return field === "rootCa" || (field === "scopes" && type !== "zitadel");
}

/**
 * Returns true for a field that ZITADEL keeps when an update leaves it out: the fields that cannot be cleared,
 * `nameIdFormat`, which has no empty value, and `metadataXml`, because SAML metadata are required.
 */
export function isKeptWhenLeftOut(type: ProviderType, field: string): boolean {
  return isNeverCleared(type, field) || field === "nameIdFormat" || field === "metadataXml";
}
