/** The types of legacy IDPs, in the order of lists of types. */
export const legacyTypes = ["legacyOidc", "legacyJwt"] as const;

/** A type of legacy IDP. */
export type LegacyType = (typeof legacyTypes)[number];

/** Returns true for a type of legacy IDP. */
export function isLegacyType(type: unknown): type is LegacyType {
  return legacyTypes.some((each) => each === type);
}
