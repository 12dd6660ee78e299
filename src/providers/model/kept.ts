import type { ProviderType } from "./provider.js";

/**
 * What ZITADEL keeps when an update leaves it out or empties it: there is no way to clear it. Everything else of an update is a full
 * replace.
 */
export function isNeverCleared(type: ProviderType, field: string): boolean {
  return field === "rootCa" || (field === "scopes" && type !== "zitadel");
}

/** What ZITADEL keeps when an update leaves it out: the same, and one that has no empty value. */
export function isKeptWhenLeftOut(type: ProviderType, field: string): boolean {
  return isNeverCleared(type, field) || field === "nameIdFormat";
}
