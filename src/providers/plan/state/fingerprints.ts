import type { WrittenField } from "../actions.js";
import { createRandomText } from "./random-text.js";
import type { Optional } from "../../../utils/optional.js";

/** The fingerprints of values that no read returns. They show only whether a value has changed. */
export type Fingerprints = Readonly<Optional<Record<WrittenField, string>>>;

/** Creates and compares fingerprints. */
export interface Fingerprinter {
  make(field: WrittenField, value: string): Promise<string>;
  matches(field: WrittenField, value: string, fingerprint: string): Promise<boolean>;
}

/** The minimum length of the key for the fingerprints of secrets, in characters. */
export const minStateKeyLength = 16;

/**
 * Creates a fingerprinter that uses HMAC-SHA-256 with a salt. Without the key, nobody can test secrets against a fingerprint, and thanks
 * to the salt, nobody can see which fingerprints belong to the same secret. Returns undefined without a key.
 */
export async function createFingerprinter(
  key: string | undefined,
): Promise<Fingerprinter | undefined> {
  if (key === undefined) {
    return undefined;
  }
  if (key.length < minStateKeyLength) {
    throw new TypeError(`the key of the state must have at least ${minStateKeyLength} characters`);
  }
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", encoder.encode(key), algorithm, false, [
    "sign",
  ]);
  const computeMac = async (salt: string, field: WrittenField, value: string): Promise<string> => {
    const data = encoder.encode(`${salt}\n${field}\n${value}`);
    const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", imported, data));
    return btoa(String.fromCharCode(...bytes));
  };
  return {
    async make(field, value) {
      const salt = createRandomText();
      return `${salt}.${await computeMac(salt, field, value)}`;
    },
    async matches(field, value, fingerprint) {
      const [salt = "", expected] = fingerprint.split(".");
      return (await computeMac(salt, field, value)) === expected;
    },
  };
}

/** Creates the fingerprints of values. Returns none without a fingerprinter. */
export async function createFingerprints(
  values: readonly (readonly [WrittenField, string])[],
  fingerprinter: Fingerprinter | undefined,
): Promise<Fingerprints> {
  if (fingerprinter === undefined) {
    return {};
  }
  const entries = values.map(async ([field, value]) => [
    field,
    await fingerprinter.make(field, value),
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Fingerprints;
}
