import {
  choices,
  type Fields,
  type FieldSpec,
  parts,
  providerTypes,
} from "../../../gen/providers.js";
import type { ProviderType } from "./provider.js";

/** Values by field name: settings, a provider, or a message. */
export type FieldValues = Readonly<Record<string, unknown>>;

/**
 * Returns the same object, typed as its values by field name. Interfaces and messages need this conversion, because they have no index
 * signature.
 */
export function toFieldValues(object: object): FieldValues {
  return object as FieldValues;
}

/** Returns the fields of a type, by their plain names. */
export function getTypeFields(type: ProviderType): Fields {
  return providerTypes[type].fields;
}

/** Returns true for a type of provider that can be added. */
export function isProviderType(type: unknown): type is ProviderType {
  return typeof type === "string" && Object.hasOwn(providerTypes, type);
}

/** Returns true for a field that no read returns: a secret, or the URL of metadata, which ZITADEL does not keep. */
export function isWriteOnly(name: string, { secret }: FieldSpec): boolean {
  return secret === true || name === "metadataUrl";
}

/** The names of the fields that may have their content in a file. */
export const contentFieldNames: ReadonlySet<string> = new Set(["metadataXml", "rootCa"]);

/** Returns the fields of the message inside a field. */
export function getPartFields({ of }: { readonly of: string }): Fields {
  return parts[of] ?? {};
}

/** Returns the enum numbers of a choice, by the names of its values. */
export function getChoiceNumbers({
  of,
}: {
  readonly of: string;
}): Readonly<Record<string, number>> {
  return choices[of] ?? {};
}

/** Returns the name of an enum number, or undefined if this version does not know it. */
export function findChoiceName(spec: { readonly of: string }, number: number): string | undefined {
  return Object.entries(getChoiceNumbers(spec)).find(([, each]) => each === number)?.[0];
}
